import { defineReal } from './support/real_function';

export const exp10 = defineReal('exp10', (x) => 10 ** x);
