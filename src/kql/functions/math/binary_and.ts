import { defineBits } from './support/bits';

export const binaryAnd = defineBits('binary_and', 'binary-and-function', (a, b) => a & b);
