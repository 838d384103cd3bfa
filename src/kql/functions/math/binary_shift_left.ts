import { defineBits } from './support/bits';

/** By the shift modulo 64; null for a negative one. */
export const binaryShiftLeft = defineBits('binary_shift_left', 'binary-shift-left-function', (a, b) =>
  b < 0n ? null : a << (b % 64n),
);
