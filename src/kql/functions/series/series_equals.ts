import { seriesComparison } from './support/series_binary';

export const seriesEquals = seriesComparison('series_equals', (a, b) => a === b);
