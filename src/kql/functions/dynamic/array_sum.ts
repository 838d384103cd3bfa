import { scalarOf } from '../../values/dynamic';
import type { Dynamic } from '../../values/types';
import { defineFunction } from '../define';

/** Null if an element is no number. */
export const arraySum = defineFunction({
  name: 'array_sum',
  docs: 'array-sum-function',
  params: ['dynamic'],
  returns: 'real',
  impl: (array: Dynamic) => {
    if (!Array.isArray(array)) return null;
    let sum = 0;
    for (const item of array) {
      const scalar = scalarOf(item);
      if (scalar?.type !== 'long' && scalar?.type !== 'real' && scalar?.type !== 'decimal') return null;
      sum += Number(scalar.value);
    }
    return sum;
  },
});
