import { normLong } from '../../../values/long';
import { defineFunction, type ScalarFunction } from '../../define';

/** A function of the 64 bits of two longs. */
export const defineBits = (
  name: string,
  docs: string,
  compute: (a: bigint, b: bigint) => bigint | null,
): ScalarFunction =>
  defineFunction({
    name,
    docs,
    params: ['long', 'long'],
    returns: 'long',
    impl(a: number | bigint, b: number | bigint) {
      const result = compute(BigInt(a), BigInt(b));
      return result === null ? null : normLong(BigInt.asIntN(64, result));
    },
  });
