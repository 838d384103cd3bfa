import { meter } from '../../meter';
import type { Dynamic } from '../../values/types';
import { defineFunction } from '../define';
import { numbersOf, type Point, pointsOf, realSeries } from '../support/series';

const MAX_WORK = 50_000_000;
/** Steps that a coefficient is at a point, where both come from an event. */
const STEPS = 4;

/** Before the first and after the last point the series counts as 0. A point that is no number makes those it reaches null. */
function filtered(points: readonly Point[], filter: readonly number[], divisor: number, lead: number): Point[] {
  return points.map((_, i) => {
    let sum = 0;
    for (let k = 0; k < filter.length; k++) {
      const point = points[i + lead - k];
      if (point === null) return null;
      if (point !== undefined) sum += filter[k]! * point;
    }
    return sum / divisor;
  });
}

/** (series, filter[, normalize[, center = false]]): normalized unless a coefficient is negative. */
export const seriesFir = defineFunction({
  name: 'series_fir',
  docs: 'series-fir-function',
  params: ['dynamic', 'dynamic', 'bool', 'bool'],
  optional: 2,
  returns: 'dynamic',
  impl: (series: Dynamic, filter: Dynamic, normalize?: boolean, center = false) => {
    const points = pointsOf(series);
    const coefficients = numbersOf(filter);
    if (points === null || coefficients === null || points.length * coefficients.length > MAX_WORK) return null;
    meter.spendSteps(STEPS * points.length * coefficients.length);
    const negative = coefficients.some((coefficient) => coefficient < 0);
    if (negative && normalize === true) return null;
    const divisor = normalize === false || negative ? 1 : coefficients.reduce((total, x) => total + x, 0);
    const lead = center ? Math.floor((coefficients.length - 1) / 2) : 0;
    return realSeries(filtered(points, coefficients, divisor, lead));
  },
});
