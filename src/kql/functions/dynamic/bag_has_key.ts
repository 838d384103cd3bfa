import { type Dynamic, isBag } from '../../values/types';
import { defineFunction } from '../define';
import { hasPath, keyPath } from './support/bag_path';

export const bagHasKey = defineFunction({
  name: 'bag_has_key',
  docs: 'bag-has-key-function',
  params: ['dynamic', 'string'],
  returns: 'bool',
  impl: (bag: Dynamic, key: string) => {
    const path = isBag(bag) ? keyPath(key) : null;
    return path !== null && hasPath(bag as Map<string, Dynamic>, path);
  },
});
