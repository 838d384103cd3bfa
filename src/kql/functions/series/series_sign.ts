import { seriesUnary } from './support/series_unary';

export const seriesSign = seriesUnary('series_sign', Math.sign, (value) => (value < 0 ? -1 : value > 0 ? 1 : 0));
