import { defineReal } from './support/real_function';

export const atan2 = defineReal('atan2', Math.atan2, 2);
