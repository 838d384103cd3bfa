import { defineReal } from './support/real_function';

export const pi = defineReal('pi', () => Math.PI, 0);
