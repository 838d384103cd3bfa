import { defineExtreme } from './support/extreme';

export const maxOf = defineExtreme('max_of', 'max-of-function', 1);
