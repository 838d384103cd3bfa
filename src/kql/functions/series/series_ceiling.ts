import { seriesUnary } from './support/series_unary';

export const seriesCeiling = seriesUnary('series_ceiling', Math.ceil);
