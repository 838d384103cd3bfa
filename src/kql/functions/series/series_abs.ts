import { normLong } from '../../values/long';
import { seriesUnary } from './support/series_unary';

export const seriesAbs = seriesUnary('series_abs', Math.abs, (value) => (value < 0 ? normLong(-BigInt(value)) : value));
