import { fillFrom } from './support/series_fill';

export const seriesFillForward = fillFrom('forward');
