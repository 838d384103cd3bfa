import { type Dynamic, isBag } from '../../values/types';
import { defineFunction } from '../define';
import { keyPath, withoutPath } from './support/bag_path';

export const bagRemoveKeys = defineFunction({
  name: 'bag_remove_keys',
  docs: 'bag-remove-keys-function',
  params: ['dynamic', 'dynamic'],
  returns: 'dynamic',
  impl: (bag: Dynamic, keys: Dynamic) => {
    if (!isBag(bag)) return null;
    let result = bag;
    for (const key of Array.isArray(keys) ? keys : [keys]) {
      const path = typeof key === 'string' ? keyPath(key) : null;
      if (path !== null) result = withoutPath(result, path);
    }
    return result;
  },
});
