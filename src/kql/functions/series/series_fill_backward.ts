import { fillFrom } from './support/series_fill';

export const seriesFillBackward = fillFrom('backward');
