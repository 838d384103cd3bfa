import { toDynamic } from '../../values/dynamic';
import { dynamicReal } from '../../values/json';
import type { Dynamic, Value } from '../../values/types';
import { defineFunction } from '../define';
import { isLong, pointOf } from '../support/series';
import { missingTest } from './support/series_fill';

/** Straight lines between the present elements, cut to integers where all of those are; ends repeat the nearest if `edges`. */
function fill(series: readonly Dynamic[], present: readonly number[], edges: boolean): Dynamic[] {
  const whole = present.every((i) => isLong(series[i]!));
  const filled = [...series];
  present.forEach((right, n) => {
    const left = present[n - 1];
    if (left === undefined) return;
    const from = pointOf(series[left]!);
    const to = pointOf(series[right]!);
    for (let i = left + 1; i < right; i++) {
      if (from === null || to === null) filled[i] = null;
      else {
        const value = from + ((to - from) * (i - left)) / (right - left);
        filled[i] = whole ? Math.trunc(value) + 0 : dynamicReal(value);
      }
    }
  });
  if (edges) {
    const first = present[0]!;
    const last = present.at(-1)!;
    filled.fill(series[first]!, 0, first);
    filled.fill(series[last]!, last + 1);
  }
  return filled;
}

/** (series[, missing value = null[, fill edges = true[, constant for a series of missing values only = 0.0]]]) */
export const seriesFillLinear = defineFunction({
  name: 'series_fill_linear',
  docs: 'series-fill-linear-function',
  params: ['dynamic', 'any', 'bool', 'any'],
  optional: 3,
  returns: 'dynamic',
  nulls: 'handle',
  bind: (args) => {
    const test = missingTest(args[1]);
    const constantType = args[3]?.type ?? 'real';
    return (series: Dynamic, placeholder?: Value, edges: boolean | null = true, constant: Value = 0) => {
      if (!Array.isArray(series)) return null;
      const isMissing = test(placeholder);
      const present = series.flatMap((item, i) => (isMissing(item) ? [] : [i]));
      if (present.length > 0) return fill(series, present, edges !== false);
      const filling = toDynamic(constant, constantType);
      return filling === null ? series : series.map(() => filling);
    };
  },
});
