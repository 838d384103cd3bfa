import { defineBits } from './support/bits';

/** By the shift modulo 64, keeping the sign; null for a negative one. */
export const binaryShiftRight = defineBits('binary_shift_right', 'binary-shift-right-function', (a, b) =>
  b < 0n ? null : a >> (b % 64n),
);
