import { defineReal } from './support/real_function';

/** Null for a negative number. */
export const log = defineReal('log', (x) => (x < 0 ? null : Math.log(x)));
