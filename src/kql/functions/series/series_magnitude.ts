import { seriesTotal } from './support/series_total';

export const seriesMagnitude = seriesTotal('series_magnitude', (numbers) =>
  Math.sqrt(numbers.reduce((sum, x) => sum + x * x, 0)),
);
