import { defineReal } from './support/real_function';

/** Null outside [-1, 1]. */
export const acos = defineReal('acos', (x) => (x < -1 || x > 1 ? null : Math.acos(x)));
