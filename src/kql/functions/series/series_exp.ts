import { seriesUnary } from './support/series_unary';

export const seriesExp = seriesUnary('series_exp', Math.exp);
