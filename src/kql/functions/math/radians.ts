import { defineReal } from './support/real_function';

export const radians = defineReal('radians', (x) => (x * Math.PI) / 180);
