import { mulLong } from '../../values/long';
import { seriesArithmetic } from './support/series_binary';

export const seriesMultiply = seriesArithmetic('series_multiply', (a, b) => a * b, mulLong);
