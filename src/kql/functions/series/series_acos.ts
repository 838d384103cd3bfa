import { seriesUnary } from './support/series_unary';

export const seriesAcos = seriesUnary('series_acos', Math.acos);
