import { unsupported } from '../../errors';
import type { ArgInfo } from '../define';
import { lineThrough, lineValues } from './regression';
import { mean, median } from './statistics';

export interface Decomposition {
  readonly baseline: number[];
  readonly seasonal: number[];
  readonly trend: number[];
  readonly residual: number[];
}

export type Trend = 'avg' | 'linefit' | 'none';
export const isTrend = (text: string): text is Trend => text === 'avg' || text === 'linefit' || text === 'none';

/**
 * Kusto finds the period itself where none is given, by a method that is not published: a query that asks for it is refused, a row
 * that does gives null.
 */
export function refuseDetection(fn: string, period: ArgInfo | undefined): void {
  if (period === undefined || (period.constant && Number(period.value) < 0)) {
    throw unsupported(`${fn}() is supported with a given period only (0: no seasonality), not with a detected one`);
  }
}

/** The median of the points in the same phase; `learned` points decide, the pattern goes on beyond them. Period 0: zeros. */
export function seasonalPart(series: readonly number[], period: number, learned: number): number[] {
  if (period === 0) return series.map(() => 0);
  const phases = Array.from({ length: Math.min(period, learned) }, (_, phase) =>
    median(series.slice(0, learned).filter((_point, i) => i % period === phase)),
  );
  return series.map((_, i) => phases[i % period] ?? 0);
}

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

/**
 * Seasonal part, then trend of what is left, then the residual; null if the period or number of test points does not fit.
 * https://learn.microsoft.com/kusto/query/series-decompose-function
 */
export function decompose(
  series: readonly number[],
  period: number,
  trend: Trend,
  testPoints: number,
): Decomposition | null {
  const learned = series.length - testPoints;
  if (period < 0 || testPoints < 0 || learned < 1 || period > learned) return null;
  const seasonal = seasonalPart(series, period, learned);
  const trendValues = trendPart(
    series.map((value, i) => value - seasonal[i]!),
    trend,
    learned,
  );
  const baseline = seasonal.map((value, i) => value + trendValues[i]!);
  return { baseline, seasonal, trend: trendValues, residual: series.map((value, i) => value - baseline[i]!) };
}
