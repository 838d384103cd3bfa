import { defineBits } from './support/bits';

export const binaryXor = defineBits('binary_xor', 'binary-xor-function', (a, b) => a ^ b);
