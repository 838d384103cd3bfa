import { dynamicReal } from '../../values/json';
import type { Dynamic } from '../../values/types';
import { defineFunction } from '../define';
import { numbersOf } from '../support/series';
import { detectPeriods } from './support/periods';

/** (series, least period, greatest period, number of periods) → [periods, scores], filled up with zeros. */
export const seriesPeriodsDetect = defineFunction({
  name: 'series_periods_detect',
  docs: 'series-periods-detect-function',
  approximate: "scores, and flags near the threshold, may differ from Kusto's",
  params: ['dynamic', 'real', 'real', 'long'],
  returns: 'dynamic',
  impl: (series: Dynamic, min: number, max: number, count: number | bigint) => {
    const numbers = numbersOf(series);
    const size = Math.min(Number(count), 16);
    if (numbers === null || !(size > 0)) return null;
    const found = detectPeriods(numbers, min, max, size);
    const column = (value: (i: number) => number | undefined): Dynamic[] =>
      Array.from({ length: size }, (_, i) => dynamicReal(value(i) ?? 0));
    return [column((i) => found[i]?.length), column((i) => found[i]?.score)];
  },
});
