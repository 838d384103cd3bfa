import { invalid } from '../../../errors';
import type { Dynamic } from '../../../values/types';
import type { ArgInfo, Impl } from '../../define';
import { numbersOf, realSeries } from '../../support/series';
import { decompose, isTrend } from './decompose';

/** (series, period, trend, test points, threshold) → [baseline, seasonal, trend, residual], the columns of the result. */
export function bindDecompose(fn: string, trend: ArgInfo | undefined): Impl {
  if (trend?.constant && !isTrend(String(trend.value))) {
    throw invalid(`${fn}(): '${String(trend.value)}' is not one of avg, linefit, none`);
  }
  return (
    series: Dynamic,
    periodValue: number | bigint,
    trendName: string,
    testPoints: number | bigint,
    threshold?: number,
  ) => {
    const numbers = numbersOf(series);
    if (numbers === null || !isTrend(trendName)) return null;
    const parts = decompose(numbers, Number(periodValue), trendName, Number(testPoints), threshold);
    return parts && [parts.baseline, parts.seasonal, parts.trend, parts.residual].map(realSeries);
  };
}
