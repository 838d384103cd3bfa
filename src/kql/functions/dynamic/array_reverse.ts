import type { Dynamic } from '../../values/types';
import { defineFunction } from '../define';

export const arrayReverse = defineFunction({
  name: 'array_reverse',
  docs: 'array-reverse-function',
  params: ['dynamic'],
  returns: 'dynamic',
  impl: (array: Dynamic) => (Array.isArray(array) ? [...array].reverse() : null),
});
