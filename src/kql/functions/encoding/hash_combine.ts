import { defineFunction } from '../define';
import { combineHashes } from './support/combine_hashes';

export const hashCombine = defineFunction({
  name: 'hash_combine',
  docs: 'hash-combine-function',
  approximate: 'the same arguments give the same value, which is not the one that Kusto gives',
  params: ['long', 'long'],
  rest: 'long',
  returns: 'long',
  impl: (...hashes: (number | bigint)[]) => combineHashes(hashes),
});
