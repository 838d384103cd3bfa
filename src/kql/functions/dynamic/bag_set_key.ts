import { toDynamic } from '../../values/dynamic';
import { type Dynamic, isBag, type Value } from '../../values/types';
import { defineFunction } from '../define';
import { keyPath, withPath } from './support/bag_path';

/** Null for what is no bag. A null value is set as null. */
export const bagSetKey = defineFunction({
  name: 'bag_set_key',
  docs: 'bag-set-key-function',
  params: ['dynamic', 'string', 'any'],
  returns: 'dynamic',
  builds: true,
  nulls: 'handle',
  bind: (args) => {
    const type = args[2]!.type;
    return (bag: Dynamic, key: string, value: Value) => {
      const path = isBag(bag) ? keyPath(key) : null;
      return path === null ? null : withPath(bag as Map<string, Dynamic>, path, toDynamic(value, type));
    };
  },
});
