import type { Dynamic } from '../../values/types';
import { defineFunction } from '../define';
import { pointsOf } from '../support/series';

/**
 * The longer series is cut to the length of the shorter one, pairs that are no numbers are passed over. Null for an empty series. The
 * magnitudes may be given, to save computing them.
 */
export const seriesCosineSimilarity = defineFunction({
  name: 'series_cosine_similarity',
  docs: 'series-cosine-similarity-function',
  params: ['dynamic', 'dynamic', 'real', 'real'],
  optional: 2,
  returns: 'real',
  impl: (left: Dynamic, right: Dynamic, leftMagnitude?: number, rightMagnitude?: number) => {
    const a = pointsOf(left);
    const b = pointsOf(right);
    if (!a?.length || !b?.length) return null;
    let [dot, aa, bb] = [0, 0, 0];
    for (let i = 0; i < Math.min(a.length, b.length); i++) {
      const x = a[i] ?? null;
      const y = b[i] ?? null;
      if (x === null || y === null) continue;
      dot += x * y;
      aa += x * x;
      bb += y * y;
    }
    return dot / ((leftMagnitude ?? Math.sqrt(aa)) * (rightMagnitude ?? Math.sqrt(bb)));
  },
});
