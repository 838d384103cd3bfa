import { scalarOf } from '../../../values/dynamic';
import type { Dynamic, Value } from '../../../values/types';
import { defineFunction, type ScalarFunction } from '../../define';

/** Elements of different types are ordered: numbers and times, strings, guids, all others. */
function rank(value: Dynamic): number {
  switch (scalarOf(value)?.type) {
    case 'long':
    case 'real':
    case 'decimal':
    case 'datetime':
    case 'timespan':
      return 0;
    case 'string':
      return 1;
    case 'guid':
      return 2;
    default:
      return 3;
  }
}

function compare(a: Dynamic, b: Dynamic, direction: number): number {
  const kind = rank(a);
  const byKind = kind - rank(b);
  if (byKind !== 0 || kind === 3) return byKind;
  const x = scalarOf(a)!.value!;
  const y = scalarOf(b)!.value!;
  if (Number.isNaN(x)) return Number.isNaN(y) ? 0 : -direction;
  if (Number.isNaN(y)) return direction;
  return x < y ? -direction : x > y ? direction : 0;
}

/** The positions of the sorted elements, nulls at one end; stable. */
function order(array: readonly Dynamic[], direction: number, nullsLast: boolean): number[] {
  const nulls = array.flatMap((item, i) => (item === null ? [i] : []));
  const others = array.flatMap((item, i) => (item === null ? [] : [i]));
  others.sort((i, j) => compare(array[i]!, array[j]!, direction) || i - j);
  return nullsLast ? [...others, ...nulls] : [...nulls, ...others];
}

/**
 * `array_sort_…(array…[, nulls last = true])`: sorts the first array and orders the others alike. One array gives the sorted array,
 * several give an array of arrays, null for one whose length differs.
 */
export const arraySort = (name: string, direction: 1 | -1): ScalarFunction =>
  defineFunction({
    name,
    docs: `${name.replaceAll('_', '-')}-function`,
    params: ['any'],
    rest: 'any',
    returns: 'dynamic',
    builds: true,
    nulls: 'handle',
    bind: (args) => {
      const hasFlag = args.length > 1 && args.at(-1)?.type === 'bool';
      const count = args.length - (hasFlag ? 1 : 0);
      return (...values: Value[]) => {
        const nullsLast = hasFlag ? values.at(-1) !== false : true;
        const first = values[0] as Dynamic;
        const positions = Array.isArray(first) ? order(first, direction, nullsLast) : null;
        const sorted = (values.slice(0, count) as Dynamic[]).map((array) =>
          positions !== null && Array.isArray(array) && array.length === positions.length
            ? positions.map((i) => array[i]!)
            : null,
        );
        return count === 1 ? sorted[0]! : sorted;
      };
    },
  });
