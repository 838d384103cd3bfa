import type { Dynamic } from '../../values/types';
import { defineFunction } from '../define';
import { fromEnd, MAX_ARRAY } from './support/arrays';

/** N indexes cut an array into N + 1. An index before the one ahead of it makes an empty part. */
export const arraySplit = defineFunction({
  name: 'array_split',
  docs: 'array-split-function',
  params: ['dynamic', 'dynamic'],
  returns: 'dynamic',
  impl: (array: Dynamic, indexes: Dynamic) => {
    if (!Array.isArray(array)) return null;
    const parts: Dynamic[] = [];
    let from = 0;
    const list = Array.isArray(indexes) ? indexes : [indexes];
    if (list.length > MAX_ARRAY) return null;
    for (const index of list) {
      if (typeof index !== 'number') return null;
      const to = Math.min(array.length, Math.max(from, fromEnd(Math.trunc(index), array.length)));
      parts.push(array.slice(from, to));
      from = to;
    }
    parts.push(array.slice(from));
    return parts;
  },
});
