import { dynamicReal } from '../../values/json';
import type { Dynamic } from '../../values/types';
import { defineFunction } from '../define';
import { numbersOf, realSeries } from '../support/series';
import { lineThrough, lineValues, quality } from './support/regression';

/** [rsquare, slope, variance, rvariance, interception, line_fit], the columns of the result. */
export const seriesFitLine = defineFunction({
  name: 'series_fit_line',
  docs: 'series-fit-line-function',
  params: ['dynamic'],
  returns: 'dynamic',
  impl: (series: Dynamic) => {
    const y = numbersOf(series);
    if (y === null) return null;
    const line = lineThrough(y);
    const { rsquare, variance, rvariance, fit } = quality(y, lineValues(line, y.length));
    return [...[rsquare, line.slope, variance, rvariance, line.interception].map(dynamicReal), realSeries(fit)];
  },
});
