import type { Dynamic } from '../../values/types';
import { defineFunction } from '../define';
import { distinct } from './support/arrays';

export const setEquals = defineFunction({
  name: 'set_equals',
  docs: 'set-equals-function',
  params: ['dynamic', 'dynamic'],
  returns: 'bool',
  impl: (a: Dynamic, b: Dynamic) => {
    if (!Array.isArray(a) || !Array.isArray(b)) return null;
    const left = distinct(a);
    const right = distinct(b);
    return left.size === right.size && [...left.keys()].every((key) => right.has(key));
  },
});
