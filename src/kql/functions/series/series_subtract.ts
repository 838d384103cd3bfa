import { subLong } from '../../values/long';
import { seriesArithmetic } from './support/series_binary';

export const seriesSubtract = seriesArithmetic('series_subtract', (a, b) => a - b, subLong);
