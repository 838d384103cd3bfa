import { defineReal } from './support/real_function';

export const sign = defineReal('sign', Math.sign);
