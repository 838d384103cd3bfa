import type { Dynamic } from '../../values/types';
import { defineFunction } from '../define';
import { isGivenPeriod, PERIOD_DETECTED } from './support/given_period';
import { bindDecompose } from './support/series_decompose';

type Int = number | bigint;

/** (series, points[, period = -1: detected[, trend = avg[, threshold]]): the last `points` are predicted from those before them. */
export const seriesDecomposeForecast = defineFunction({
  name: 'series_decompose_forecast',
  docs: 'series-decompose-forecast-function',
  approximate: PERIOD_DETECTED,
  isExact: ([, , period]) => isGivenPeriod(period),
  params: ['dynamic', 'long', 'long', 'string', 'real'],
  optional: 3,
  returns: 'dynamic',
  bind: (args) => {
    const run = bindDecompose('series_decompose_forecast', args[3]);
    return (series: Dynamic, points: Int, period: Int = -1, trend = 'avg', threshold?: number) =>
      run(series, period, trend, points, threshold);
  },
});
