import { modLong, normLong } from '../../values/long';
import type { Value } from '../../values/types';
import { defineFunction } from '../define';
import { hashBytes } from './support/hash_bytes';
import { xxhash64 } from './support/xxhash64';

/** xxHash64 of the value; with `mod` the remainder, which is never negative. */
export const hash = defineFunction({
  name: 'hash',
  aliases: ['hash_xxhash64'],
  docs: 'hash-function',
  params: ['any', 'long'],
  optional: 1,
  returns: 'long',
  bind([source]) {
    const type = source!.type;
    return (value: Value, mod?: number | bigint) => {
      const result = normLong(xxhash64(hashBytes(value, type)));
      return mod === undefined ? result : modLong(result, mod);
    };
  },
});
