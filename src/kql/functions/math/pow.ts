import { defineReal } from './support/real_function';

export const pow = defineReal('pow', (x, y) => x ** y, 2);
