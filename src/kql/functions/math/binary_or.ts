import { defineBits } from './support/bits';

export const binaryOr = defineBits('binary_or', 'binary-or-function', (a, b) => a | b);
