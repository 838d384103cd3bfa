import { defineReal } from './support/real_function';

export const degrees = defineReal('degrees', (x) => (x * 180) / Math.PI);
