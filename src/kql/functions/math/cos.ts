import { defineReal } from './support/real_function';

export const cos = defineReal('cos', Math.cos);
