import type { Dynamic } from '../../values/types';
import { defineFunction } from '../define';
import { MAX_ARRAY } from './support/arrays';

/** Shorter arrays are filled up with null. */
export const zip = defineFunction({
  name: 'zip',
  docs: 'zip-function',
  params: ['dynamic', 'dynamic'],
  rest: 'dynamic',
  returns: 'dynamic',
  builds: true,
  impl: (...arrays: Dynamic[]) => {
    if (!arrays.every(Array.isArray)) return null;
    const columns = arrays as Dynamic[][];
    const length = columns.reduce((longest, column) => Math.max(longest, column.length), 0);
    if (length * columns.length > MAX_ARRAY) return null;
    return Array.from({ length }, (_, i) => columns.map((column) => column[i] ?? null));
  },
});
