import { seriesUnary } from './support/series_unary';

export const seriesCos = seriesUnary('series_cos', Math.cos);
