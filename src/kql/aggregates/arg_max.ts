import { argExtreme } from './support/arg-extreme';

export const argMax = argExtreme('arg_max', 'argmax', 'arg-max-aggregation-function', 1);
