import { seriesComparison } from './support/series_binary';

export const seriesNotEquals = seriesComparison('series_not_equals', (a, b) => a !== b);
