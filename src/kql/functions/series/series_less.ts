import { seriesComparison } from './support/series_binary';

export const seriesLess = seriesComparison('series_less', (a, b) => a < b);
