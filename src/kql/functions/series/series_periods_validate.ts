import { dynamicReal } from '../../values/json';
import type { Dynamic } from '../../values/types';
import { defineFunction } from '../define';
import { numbersOf } from '../support/series';
import { scorePeriods } from './support/periods';

/** (series, period, …) → [periods, scores]; 0 for what is no period, shorter than 4 or longer than half the series. */
export const seriesPeriodsValidate = defineFunction({
  name: 'series_periods_validate',
  docs: 'series-periods-validate-function',
  approximate: "scores, and flags near the threshold, may differ from Kusto's",
  params: ['dynamic', 'real'],
  rest: 'real',
  returns: 'dynamic',
  impl: (series: Dynamic, ...periods: number[]) => {
    const numbers = numbersOf(series);
    if (numbers === null) return null;
    return [periods.map(dynamicReal), scorePeriods(numbers, periods).map(dynamicReal)];
  },
});
