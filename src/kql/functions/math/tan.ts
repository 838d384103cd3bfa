import { defineReal } from './support/real_function';

export const tan = defineReal('tan', Math.tan);
