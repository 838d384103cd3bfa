import { normLong } from '../../values/long';
import type { Value } from '../../values/types';
import { defineFunction } from '../define';
import { combineHashes } from './support/combine_hashes';
import { hashBytes } from './support/hash_bytes';
import { xxhash64 } from './support/xxhash64';

/** `hash_combine` of the `hash` of each argument. */
export const hashMany = defineFunction({
  name: 'hash_many',
  docs: 'hash-many-function',
  approximate: 'the same arguments give the same value, which is not the one that Kusto gives',
  params: ['any', 'any'],
  rest: 'any',
  returns: 'long',
  bind(args) {
    const types = args.map(({ type }) => type);
    return (...values: Value[]) =>
      combineHashes(values.map((value, i) => normLong(xxhash64(hashBytes(value, types[i]!)))));
  },
});
