import type { Dynamic } from '../../values/types';
import { defineFunction } from '../define';

export const arrayLength = defineFunction({
  name: 'array_length',
  aliases: ['arraylength'],
  docs: 'array-length-function',
  params: ['dynamic'],
  returns: 'long',
  impl: (array: Dynamic) => (Array.isArray(array) ? array.length : null),
});
