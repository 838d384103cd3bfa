import { seriesComparison } from './support/series_binary';

export const seriesLessEquals = seriesComparison('series_less_equals', (a, b) => a <= b);
