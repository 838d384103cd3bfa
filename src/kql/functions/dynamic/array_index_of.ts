import { dynamicEquals, toDynamic } from '../../values/dynamic';
import type { Dynamic, Value } from '../../values/types';
import { defineFunction } from '../define';
import { fromEnd } from './support/arrays';

type Int = number | bigint;

export const arrayIndexOf = defineFunction({
  name: 'array_index_of',
  docs: 'array-index-of-function',
  params: ['dynamic', 'any', 'long', 'long', 'long'],
  optional: 3,
  returns: 'long',
  bind: (args) => {
    const type = args[1]!.type;
    return (array: Dynamic, value: Value, start: Int = 0, length: Int = -1, occurrence: Int = 1) => {
      if (!Array.isArray(array) || occurrence < 0 || length < -1) return null;
      const wanted = toDynamic(value, type);
      const from = Math.max(0, fromEnd(start, array.length));
      const end = length === -1 ? array.length : Math.min(array.length, from + Number(length));
      let left = Math.max(1, Number(occurrence));
      for (let i = from; i < end; i++) {
        if (dynamicEquals(array[i] ?? null, wanted) && --left === 0) return i;
      }
      return -1;
    };
  },
});
