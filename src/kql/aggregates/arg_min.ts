import { argExtreme } from './support/arg-extreme';

export const argMin = argExtreme('arg_min', 'argmin', 'arg-min-aggregation-function', -1);
