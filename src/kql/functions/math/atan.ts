import { defineReal } from './support/real_function';

export const atan = defineReal('atan', Math.atan);
