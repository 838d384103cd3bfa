import { defineReal } from './support/real_function';

export const cot = defineReal('cot', (x) => 1 / Math.tan(x));
