import { seriesTotal } from './support/series_total';

export const seriesSum = seriesTotal('series_sum', (numbers) => numbers.reduce((sum, x) => sum + x, 0));
