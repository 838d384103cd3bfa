import { defineReal } from './support/real_function';

/** Null for a negative number. */
export const log10 = defineReal('log10', (x) => (x < 0 ? null : Math.log10(x)));
