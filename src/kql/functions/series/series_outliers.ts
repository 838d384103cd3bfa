import { invalid } from '../../errors';
import type { Dynamic } from '../../values/types';
import { defineFunction } from '../define';
import { pointsOf, realSeries } from '../support/series';
import { fencesOf, isOutlierTest, outlierScores } from './support/outliers';

const isPercentile = (value: number): boolean => value >= 2 && value <= 98;

/** (series[, kind = "ctukey"[, value to ignore[, low percentile = 10[, high percentile = 90]]]]); nulls and ignored values score 0. */
export const seriesOutliers = defineFunction({
  name: 'series_outliers',
  docs: 'series-outliers-function',
  approximate: "scores, and flags near the threshold, may differ from Kusto's",
  params: ['dynamic', 'string', 'real', 'real', 'real'],
  optional: 4,
  returns: 'dynamic',
  nulls: 'handle',
  bind: (args) => {
    const kind = args[1];
    if (kind?.constant && !isOutlierTest(String(kind.value).toLowerCase())) {
      throw invalid(`series_outliers(): '${String(kind.value)}' is not one of tukey, ctukey`);
    }
    return (
      series: Dynamic,
      kindText: string | undefined,
      ignored: number | null | undefined,
      low: number | null | undefined,
      high: number | null | undefined,
    ) => {
      const points = pointsOf(series);
      const test = (kindText ?? 'ctukey').toLowerCase();
      if (points === null || !isOutlierTest(test)) return null;
      const fences = test === 'tukey' ? fencesOf(test) : { low: low ?? 10, high: high ?? 90 };
      if (!isPercentile(fences.low) || !isPercentile(fences.high) || fences.low > fences.high) return null;
      const counts = (point: number | null): point is number =>
        point !== null && point !== (ignored ?? null) && Number.isFinite(point);
      const scores = outlierScores(
        points.map((point) => point ?? 0),
        points.filter(counts),
        fences,
      );
      return realSeries(scores.map((score, i) => (counts(points[i]!) ? score : 0)));
    };
  },
});
