import { dynamicReal } from '../../values/json';
import type { Dynamic } from '../../values/types';
import { defineFunction } from '../define';
import { numbersOf, realSeries } from '../support/series';
import { type Side, twoLinesThrough } from './support/two_lines';

const columnsOf = ({ rsquare, slope, interception, variance, rvariance }: Side): Dynamic[] =>
  [rsquare, slope, interception, variance, rvariance].map(dynamicReal);

/** [rsquare, split_idx, variance, rvariance, line_fit, then of the right and of the left line rsquare, slope, interception, variance, rvariance]. */
export const seriesFit2lines = defineFunction({
  name: 'series_fit_2lines',
  docs: 'series-fit-2lines-function',
  params: ['dynamic'],
  returns: 'dynamic',
  impl: (series: Dynamic) => {
    const y = numbersOf(series);
    const lines = y && twoLinesThrough(y);
    if (!lines) return null;
    const { whole, split, left, right } = lines;
    return [
      dynamicReal(whole.rsquare),
      split,
      dynamicReal(whole.variance),
      dynamicReal(whole.rvariance),
      realSeries(whole.fit),
      ...columnsOf(right),
      ...columnsOf(left),
    ];
  },
});
