import type { Dynamic } from '../../values/types';
import { defineFunction } from '../define';
import { numbersOf, realSeries } from '../support/series';
import { DEFAULT_THRESHOLD } from './support/decompose';
import { isGivenPeriod, PERIOD_DETECTED } from './support/given_period';
import { periodOf } from './support/periods';
import { seasonalPart } from './support/seasonal_part';

type Int = number | bigint;

/** (series[, period = -1: detected[, test points = 0]]): the median of each phase, repeated. */
export const seriesSeasonal = defineFunction({
  name: 'series_seasonal',
  docs: 'series-seasonal-function',
  approximate: PERIOD_DETECTED,
  isExact: ([, period]) => isGivenPeriod(period),
  params: ['dynamic', 'long', 'long'],
  optional: 2,
  returns: 'dynamic',
  impl: (series: Dynamic, given: Int = -1, testPoints: Int = 0) => {
    const numbers = numbersOf(series);
    if (numbers === null || testPoints < 0 || testPoints >= numbers.length) return null;
    const learned = numbers.length - Number(testPoints);
    const period = periodOf(numbers.slice(0, learned), Number(given), DEFAULT_THRESHOLD);
    return realSeries(seasonalPart(numbers, period, learned));
  },
});
