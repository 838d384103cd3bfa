import { dynamicReal } from '../../values/json';
import type { Bag, Dynamic } from '../../values/types';
import { defineFunction } from '../define';
import { numbersOf, realSeries } from '../support/series';
import { type Side, twoLinesThrough } from './support/two_lines';

const bagOf = ({ rsquare, slope, interception, variance, rvariance }: Side): Bag =>
  new Map<string, Dynamic>(
    Object.entries({ rsquare, slope, interception, variance, rvariance }).map(([key, value]) => [
      key,
      dynamicReal(value),
    ]),
  );

/** As series_fit_2lines, in one bag. */
export const seriesFit2linesDynamic = defineFunction({
  name: 'series_fit_2lines_dynamic',
  docs: 'series-fit-2lines-dynamic-function',
  params: ['dynamic'],
  returns: 'dynamic',
  impl: (series: Dynamic) => {
    const y = numbersOf(series);
    const lines = y && twoLinesThrough(y);
    if (!lines) return null;
    const { whole, split, left, right } = lines;
    return new Map<string, Dynamic>([
      ['rsquare', dynamicReal(whole.rsquare)],
      ['split_idx', split],
      ['variance', dynamicReal(whole.variance)],
      ['rvariance', dynamicReal(whole.rvariance)],
      ['line_fit', realSeries(whole.fit)],
      ['right', bagOf(right)],
      ['left', bagOf(left)],
    ]);
  },
});
