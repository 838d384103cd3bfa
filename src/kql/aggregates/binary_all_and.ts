import { binaryAll } from './support/binary-all';

export const binaryAllAnd = binaryAll('binary_all_and', 'binary-all-and-aggregation-function', (a, b) => a & b);
