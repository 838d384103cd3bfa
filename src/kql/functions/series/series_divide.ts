import { seriesArithmetic } from './support/series_binary';

/** Always reals: 1 / 4 is 0.25, 2 / 0 infinity. */
export const seriesDivide = seriesArithmetic('series_divide', (a, b) => a / b);
