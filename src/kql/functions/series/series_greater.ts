import { seriesComparison } from './support/series_binary';

export const seriesGreater = seriesComparison('series_greater', (a, b) => a > b);
