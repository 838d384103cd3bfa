import { defineReal } from './support/real_function';

/** Null for a negative number. */
export const log2 = defineReal('log2', (x) => (x < 0 ? null : Math.log2(x)));
