import { dynamicReal } from '../../values/json';
import type { Dynamic } from '../../values/types';
import { defineFunction } from '../define';
import { distinct } from './support/arrays';

/** Size of the intersection over size of the union; NaN for two empty sets. */
export const jaccardIndex = defineFunction({
  name: 'jaccard_index',
  docs: 'jaccard-index-function',
  params: ['dynamic', 'dynamic'],
  returns: 'dynamic',
  impl: (a: Dynamic, b: Dynamic) => {
    if (!Array.isArray(a) || !Array.isArray(b)) return null;
    const left = distinct(a);
    const right = distinct(b);
    let common = 0;
    for (const key of left.keys()) if (right.has(key)) common++;
    return dynamicReal(common / (left.size + right.size - common));
  },
});
