import { defineReal } from './support/real_function';

export const exp2 = defineReal('exp2', (x) => 2 ** x);
