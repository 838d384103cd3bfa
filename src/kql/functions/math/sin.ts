import { defineReal } from './support/real_function';

export const sin = defineReal('sin', Math.sin);
