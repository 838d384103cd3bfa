import type { Dynamic } from '../../values/types';
import { defineFunction } from '../define';
import { distinct, MAX_ARRAY } from './support/arrays';

export const setUnion = defineFunction({
  name: 'set_union',
  docs: 'set-union-function',
  params: ['dynamic'],
  rest: 'dynamic',
  returns: 'dynamic',
  builds: true,
  impl: (...sets: Dynamic[]) => {
    if (!sets.every(Array.isArray)) return null;
    const union = [...distinct((sets as Dynamic[][]).flat()).values()];
    return union.length > MAX_ARRAY ? null : union;
  },
});
