import { seriesUnary } from './support/series_unary';

export const seriesFloor = seriesUnary('series_floor', Math.floor);
