import type { Dynamic } from '../../values/types';
import { defineFunction } from '../define';
import { fromEnd } from './support/arrays';

/** Both ends belong to the slice; what lies outside the array is passed over. */
export const arraySlice = defineFunction({
  name: 'array_slice',
  docs: 'array-slice-function',
  params: ['dynamic', 'long', 'long'],
  returns: 'dynamic',
  impl: (array: Dynamic, start: number | bigint, end: number | bigint) => {
    if (!Array.isArray(array)) return null;
    const from = Math.max(0, fromEnd(start, array.length));
    const to = fromEnd(end, array.length) + 1;
    return to <= from ? [] : array.slice(from, to);
  },
});
