import { binaryAll } from './support/binary-all';

export const binaryAllOr = binaryAll('binary_all_or', 'binary-all-or-aggregation-function', (a, b) => a | b);
