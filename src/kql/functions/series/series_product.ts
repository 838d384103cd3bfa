import { seriesTotal } from './support/series_total';

export const seriesProduct = seriesTotal('series_product', (numbers) => numbers.reduce((product, x) => product * x, 1));
