import { addLong } from '../../values/long';
import { seriesArithmetic } from './support/series_binary';

export const seriesAdd = seriesArithmetic('series_add', (a, b) => a + b, addLong);
