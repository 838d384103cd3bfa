import { defineReal } from './support/real_function';

export const exp = defineReal('exp', Math.exp);
