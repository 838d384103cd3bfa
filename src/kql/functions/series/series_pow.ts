import { seriesArithmetic } from './support/series_binary';

export const seriesPow = seriesArithmetic('series_pow', (a, b) => a ** b);
