import { extreme } from './support/extreme';

export const max = extreme('max', 'max-aggregation-function', 1);
