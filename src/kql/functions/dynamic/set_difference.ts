import type { Dynamic } from '../../values/types';
import { defineFunction } from '../define';
import { distinct } from './support/arrays';

/** The elements of the first array that are in none of the others. */
export const setDifference = defineFunction({
  name: 'set_difference',
  docs: 'set-difference-function',
  params: ['dynamic'],
  rest: 'dynamic',
  returns: 'dynamic',
  impl: (...sets: Dynamic[]) => {
    if (!sets.every(Array.isArray)) return null;
    const [first, ...others] = (sets as Dynamic[][]).map(distinct);
    return [...first!].filter(([key]) => !others.some((other) => other.has(key))).map(([, item]) => item);
  },
});
