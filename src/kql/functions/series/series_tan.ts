import { seriesUnary } from './support/series_unary';

export const seriesTan = seriesUnary('series_tan', Math.tan);
