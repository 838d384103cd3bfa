import { defineFunction } from '../define';
import { combineHashes } from './support/combine_hashes';

export const hashCombine = defineFunction({
  name: 'hash_combine',
  docs: 'hash-combine-function',
  params: ['long', 'long'],
  rest: 'long',
  returns: 'long',
  impl: (...hashes: (number | bigint)[]) => combineHashes(hashes),
});
