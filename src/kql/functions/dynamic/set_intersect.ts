import type { Dynamic } from '../../values/types';
import { defineFunction } from '../define';
import { distinct } from './support/arrays';

export const setIntersect = defineFunction({
  name: 'set_intersect',
  docs: 'set-intersect-function',
  params: ['dynamic'],
  rest: 'dynamic',
  returns: 'dynamic',
  impl: (...sets: Dynamic[]) => {
    if (!sets.every(Array.isArray)) return null;
    const [first, ...others] = (sets as Dynamic[][]).map(distinct);
    return [...first!].filter(([key]) => others.every((other) => other.has(key))).map(([, item]) => item);
  },
});
