import { seriesUnary } from './support/series_unary';

export const seriesAsin = seriesUnary('series_asin', Math.asin);
