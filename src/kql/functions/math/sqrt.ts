import { defineReal } from './support/real_function';

/** Null for a negative number. */
export const sqrt = defineReal('sqrt', (x) => (x < 0 ? null : Math.sqrt(x)));
