import { defineFunction } from '../define';

/** The bits set in the 64-bit two's complement. */
export const bitsetCountOnes = defineFunction({
  name: 'bitset_count_ones',
  docs: 'bitset-count-ones-function',
  params: ['long'],
  returns: 'long',
  impl: (value: number | bigint) => BigInt.asUintN(64, BigInt(value)).toString(2).replaceAll('0', '').length,
});
