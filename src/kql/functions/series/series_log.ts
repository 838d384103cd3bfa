import { seriesUnary } from './support/series_unary';

export const seriesLog = seriesUnary('series_log', Math.log);
