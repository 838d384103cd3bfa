import { meter } from '../../meter';
import type { Dynamic } from '../../values/types';
import { defineFunction } from '../define';
import { numbersOf, realSeries } from '../support/series';

const MAX_WORK = 50_000_000;
/** Steps that a coefficient is at a point, where both come from an event. */
const STEPS = 4;

/** (series, numerators b, denominators a); null if a[0] is 0 or an element is no number. */
export const seriesIir = defineFunction({
  name: 'series_iir',
  docs: 'series-iir-function',
  params: ['dynamic', 'dynamic', 'dynamic'],
  returns: 'dynamic',
  impl: (series: Dynamic, numerators: Dynamic, denominators: Dynamic) => {
    const x = numbersOf(series);
    const b = numbersOf(numerators);
    const a = numbersOf(denominators);
    if (x === null || b === null || a === null || a[0] === 0 || x.length * (a.length + b.length) > MAX_WORK)
      return null;
    meter.spendSteps(STEPS * x.length * (a.length + b.length));
    const y: number[] = [];
    for (let i = 0; i < x.length; i++) {
      let sum = 0;
      for (let k = 0; k < b.length && k <= i; k++) sum += b[k]! * x[i - k]!;
      for (let k = 1; k < a.length && k <= i; k++) sum -= a[k]! * y[i - k]!;
      y.push(sum / a[0]!);
    }
    return realSeries(y);
  },
});
