import type { Dynamic } from '../values/types';
import { defineFunction } from './define';
import { refuseDetection, seasonalPart } from './support/decompose';
import { numbersOf, realSeries } from './support/series';

type Int = number | bigint;

/** (series, period[, test points = 0]): the median of each phase, repeated. */
export const seriesSeasonal = defineFunction({
  name: 'series_seasonal',
  docs: 'series-seasonal-function',
  params: ['dynamic', 'long', 'long'],
  optional: 2,
  returns: 'dynamic',
  bind: (args) => {
    refuseDetection('series_seasonal', args[1]);
    return (series: Dynamic, period: Int, testPoints: Int = 0) => {
      const numbers = numbersOf(series);
      if (numbers === null || period < 0 || testPoints < 0 || testPoints >= numbers.length) return null;
      return realSeries(seasonalPart(numbers, Number(period), numbers.length - Number(testPoints)));
    };
  },
});
