import type { Dynamic } from '../../values/types';
import { defineFunction } from '../define';
import { isGivenPeriod, PERIOD_DETECTED } from './support/given_period';
import { bindDecompose } from './support/series_decompose';

type Int = number | bigint;

/** (series[, period = -1: detected[, trend = avg[, test points = 0[, threshold of detected periods]]]]). */
export const seriesDecompose = defineFunction({
  name: 'series_decompose',
  docs: 'series-decompose-function',
  approximate: PERIOD_DETECTED,
  isExact: ([, period]) => isGivenPeriod(period),
  params: ['dynamic', 'long', 'string', 'long', 'real'],
  optional: 4,
  returns: 'dynamic',
  bind: (args) => {
    const run = bindDecompose('series_decompose', args[2]);
    return (series: Dynamic, period: Int = -1, trend = 'avg', testPoints: Int = 0, threshold?: number) =>
      run(series, period, trend, testPoints, threshold);
  },
});
