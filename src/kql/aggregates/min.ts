import { extreme } from './support/extreme';

export const min = extreme('min', 'min-aggregation-function', -1);
