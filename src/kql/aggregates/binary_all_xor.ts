import { binaryAll } from './support/binary-all';

export const binaryAllXor = binaryAll('binary_all_xor', 'binary-all-xor-aggregation-function', (a, b) => a ^ b);
