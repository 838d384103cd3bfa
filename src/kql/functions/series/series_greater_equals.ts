import { seriesComparison } from './support/series_binary';

export const seriesGreaterEquals = seriesComparison('series_greater_equals', (a, b) => a >= b);
