import { seriesUnary } from './support/series_unary';

export const seriesAtan = seriesUnary('series_atan', Math.atan);
