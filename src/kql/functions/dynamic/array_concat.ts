import type { Dynamic } from '../../values/types';
import { defineFunction } from '../define';
import { arrayOf, MAX_ARRAY } from './support/arrays';

export const arrayConcat = defineFunction({
  name: 'array_concat',
  docs: 'array-concat-function',
  params: ['dynamic'],
  rest: 'dynamic',
  returns: 'dynamic',
  builds: true,
  impl: (...values: Dynamic[]) => {
    const result: Dynamic[] = [];
    for (const value of values) {
      const array = arrayOf(value);
      if (array === null || result.length + array.length > MAX_ARRAY) return null;
      for (const item of array) result.push(item);
    }
    return result;
  },
});
