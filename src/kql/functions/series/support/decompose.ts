import { periodOf } from './periods';
import { lineThrough, lineValues } from './regression';
import { seasonalPart } from './seasonal_part';
import { mean } from './statistics';

export interface Decomposition {
  readonly baseline: number[];
  readonly seasonal: number[];
  readonly trend: number[];
  readonly residual: number[];
}

export type Trend = 'avg' | 'linefit' | 'none';
export const isTrend = (text: string): text is Trend => text === 'avg' || text === 'linefit' || text === 'none';

function trendPart(deseasonal: readonly number[], trend: Trend, learned: number): number[] {
  const known = deseasonal.slice(0, learned);
  switch (trend) {
    case 'none':
      return deseasonal.map(() => 0);
    case 'avg': {
      const average = mean(known);
      return deseasonal.map(() => average);
    }
    case 'linefit':
      return lineValues(lineThrough(known), deseasonal.length);
  }
}

/** Score that a period must have to be taken where none is given. */
export const DEFAULT_THRESHOLD = 0.6;

/**
 * Seasonal part, then trend of what is left, then the residual; null if the period or number of test points does not fit. Period -1:
 * detected. https://learn.microsoft.com/kusto/query/series-decompose-function
 */
export function decompose(
  series: readonly number[],
  givenPeriod: number,
  trend: Trend,
  testPoints: number,
  threshold = DEFAULT_THRESHOLD,
): Decomposition | null {
  const learned = series.length - testPoints;
  if (testPoints < 0 || learned < 1) return null;
  const period = periodOf(series.slice(0, learned), givenPeriod, threshold);
  if (period > learned) return null;
  const seasonal = seasonalPart(series, period, learned);
  const trendValues = trendPart(
    series.map((value, i) => value - seasonal[i]!),
    trend,
    learned,
  );
  const baseline = seasonal.map((value, i) => value + trendValues[i]!);
  return { baseline, seasonal, trend: trendValues, residual: series.map((value, i) => value - baseline[i]!) };
}
