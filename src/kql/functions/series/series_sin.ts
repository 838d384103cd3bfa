import { seriesUnary } from './support/series_unary';

export const seriesSin = seriesUnary('series_sin', Math.sin);
