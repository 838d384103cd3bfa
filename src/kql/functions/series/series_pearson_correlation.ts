import type { Dynamic } from '../../values/types';
import { defineFunction } from '../define';
import { numbersOf } from '../support/series';
import { mean } from './support/statistics';

/** Null for series of different lengths or with elements that are no numbers. */
export const seriesPearsonCorrelation = defineFunction({
  name: 'series_pearson_correlation',
  docs: 'series-pearson-correlation-function',
  params: ['dynamic', 'dynamic'],
  returns: 'real',
  impl: (left: Dynamic, right: Dynamic) => {
    const a = numbersOf(left);
    const b = numbersOf(right);
    if (a === null || b === null || a.length !== b.length) return null;
    const [meanA, meanB] = [mean(a), mean(b)];
    let [ab, aa, bb] = [0, 0, 0];
    for (let i = 0; i < a.length; i++) {
      const x = a[i]! - meanA;
      const y = b[i]! - meanB;
      ab += x * y;
      aa += x * x;
      bb += y * y;
    }
    return ab / Math.sqrt(aa * bb);
  },
});
