import { dynamicEquals, toDynamic } from '../../../values/dynamic';
import type { Dynamic, Value } from '../../../values/types';
import { type ArgInfo, defineFunction, type ScalarFunction } from '../../define';

/** Whether an element is missing: null, or the placeholder if one that is not null is given. */
export type IsMissing = (item: Dynamic) => boolean;

/** The test for the placeholder argument `arg`, which may be absent. */
export function missingTest(arg: ArgInfo | undefined): (placeholder: Value | undefined) => IsMissing {
  return (placeholder) => {
    const wanted = arg === undefined || placeholder === undefined ? null : toDynamic(placeholder, arg.type);
    return wanted === null ? (item) => item === null : (item) => dynamicEquals(item, wanted);
  };
}

/** `series_fill_forward`, `…_backward`: each missing element takes the nearest present one before or after it. */
export const fillFrom = (side: 'forward' | 'backward'): ScalarFunction =>
  defineFunction({
    name: `series_fill_${side}`,
    docs: `series-fill-${side}-function`,
    params: ['dynamic', 'any'],
    optional: 1,
    returns: 'dynamic',
    nulls: 'handle',
    bind: (args) => {
      const test = missingTest(args[1]);
      return (series: Dynamic, placeholder?: Value) => {
        if (!Array.isArray(series)) return null;
        const isMissing = test(placeholder);
        const filled = [...series];
        const step = side === 'forward' ? 1 : -1;
        let last: { item: Dynamic } | undefined;
        for (let i = side === 'forward' ? 0 : filled.length - 1; i >= 0 && i < filled.length; i += step) {
          const item = filled[i]!;
          if (!isMissing(item)) last = { item };
          else if (last) filled[i] = last.item;
        }
        return filled;
      };
    },
  });
