import { median } from './statistics';

/** The median of the points in the same phase; `learned` points decide, the pattern goes on beyond them. Period 0: zeros. */
export function seasonalPart(series: readonly number[], period: number, learned: number): number[] {
  if (period === 0) return series.map(() => 0);
  const phases = Array.from({ length: Math.min(period, learned) }, (_, phase) =>
    median(series.slice(0, learned).filter((_point, i) => i % period === phase)),
  );
  return series.map((_, i) => phases[i % period] ?? 0);
}
