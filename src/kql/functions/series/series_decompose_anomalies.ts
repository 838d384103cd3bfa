import { invalid } from '../../errors';
import type { Dynamic } from '../../values/types';
import { type ArgInfo, defineFunction } from '../define';
import { numbersOf, realSeries } from '../support/series';
import { DEFAULT_THRESHOLD, decompose, isTrend } from './support/decompose';
import { fencesOf, isOutlierTest, outlierScores } from './support/outliers';

type Int = number | bigint;

function check(arg: ArgInfo | undefined, isKnown: (text: string) => boolean, known: string): void {
  if (arg?.constant && !isKnown(String(arg.value)))
    throw invalid(`series_decompose_anomalies(): '${String(arg.value)}' is not one of ${known}`);
}

/**
 * (series[, threshold = 1.5[, period = -1: detected[, trend = "avg"[, test points = 0[, test = "ctukey"[, period threshold]]]]]]) → [flags,
 * scores, baseline]: outliers of what a decomposition leaves.
 */
export const seriesDecomposeAnomalies = defineFunction({
  name: 'series_decompose_anomalies',
  docs: 'series-decompose-anomalies-function',
  approximate: "scores, and flags near the threshold, may differ from Kusto's",
  params: ['dynamic', 'real', 'long', 'string', 'long', 'string', 'real'],
  optional: 6,
  returns: 'dynamic',
  bind: (args) => {
    check(args[3], isTrend, 'avg, linefit, none');
    check(args[5], isOutlierTest, 'tukey, ctukey');
    return (
      series: Dynamic,
      threshold = 1.5,
      period: Int = -1,
      trend = 'avg',
      testPoints: Int = 0,
      test = 'ctukey',
      periodThreshold = DEFAULT_THRESHOLD,
    ) => {
      const numbers = numbersOf(series);
      if (numbers === null || !isTrend(trend) || !isOutlierTest(test)) return null;
      const parts = decompose(numbers, Number(period), trend, Number(testPoints), periodThreshold);
      if (parts === null) return null;
      const learned = parts.residual.slice(0, numbers.length - Number(testPoints));
      const scores = outlierScores(parts.residual, learned, fencesOf(test));
      const flags = scores.map((score) => (score > threshold ? 1 : score < -threshold ? -1 : 0));
      return [flags, realSeries(scores), realSeries(parts.baseline)];
    };
  },
});
