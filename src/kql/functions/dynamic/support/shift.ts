import { toDynamic } from '../../../values/dynamic';
import type { Dynamic, Value } from '../../../values/types';
import { defineFunction, type ScalarFunction } from '../../define';

type Int = number | bigint;

/** `array_rotate_…`: what falls out at one end comes in at the other. `direction`: 1 left, -1 right. */
export const rotate = (side: 'left' | 'right', direction: 1 | -1): ScalarFunction =>
  defineFunction({
    name: `array_rotate_${side}`,
    docs: `array-rotate-${side}-function`,
    params: ['dynamic', 'long'],
    returns: 'dynamic',
    impl: (array: Dynamic, count: Int) => {
      if (!Array.isArray(array)) return null;
      if (array.length === 0) return [];
      const by = Number(BigInt(count) % BigInt(array.length)) * direction;
      const cut = (by + array.length) % array.length;
      return [...array.slice(cut), ...array.slice(0, cut)];
    },
  });

/** `array_shift_…`: what falls out is lost, the gap is filled with a value: by default "" among strings, else null. */
export const shift = (side: 'left' | 'right', direction: 1 | -1): ScalarFunction =>
  defineFunction({
    name: `array_shift_${side}`,
    docs: `array-shift-${side}-function`,
    params: ['dynamic', 'long', 'any'],
    optional: 1,
    returns: 'dynamic',
    builds: true,
    nulls: 'handle',
    bind: (args) => {
      const type = args[2]?.type;
      return (array: Dynamic, count: Int | null, value: Value = null) => {
        if (!Array.isArray(array) || count === null) return null;
        const by = Number(count) * direction;
        const fill = type === undefined ? emptyOf(array) : toDynamic(value, type);
        return array.map((_, i) => {
          const from = i + by;
          return from >= 0 && from < array.length ? array[from]! : fill;
        });
      };
    },
  });

const emptyOf = (array: readonly Dynamic[]): Dynamic =>
  array.length > 0 && array.every((item) => typeof item === 'string') ? '' : null;
