import { defineExtreme } from './support/extreme';

export const minOf = defineExtreme('min_of', 'min-of-function', -1);
