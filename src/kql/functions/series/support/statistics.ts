import type { Dynamic } from '../../../values/types';
import { type Point, pointsOf } from '../../support/series';

export const mean = (values: readonly number[]): number => values.reduce((sum, x) => sum + x, 0) / values.length;

/** Sample variance; 0 for a single value. */
export function sampleVariance(values: readonly number[]): number {
  if (values.length < 2) return 0;
  const center = mean(values);
  return values.reduce((sum, x) => sum + (x - center) ** 2, 0) / (values.length - 1);
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const half = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[half]! : (sorted[half - 1]! + sorted[half]!) / 2;
}

export interface SeriesStatistics {
  readonly min: number;
  readonly minIndex: number;
  readonly max: number;
  readonly maxIndex: number;
  readonly average: number;
  readonly variance: number;
  readonly sum: number;
  readonly length: number;
}

/** Null if there is nothing to count, or something non-finite that is not to be ignored. */
export function seriesStatistics(series: Dynamic, ignoreNonfinite: boolean): SeriesStatistics | null {
  const points: Point[] | null = pointsOf(series);
  if (points === null) return null;
  const finite = points.filter((point): point is number => point !== null && Number.isFinite(point));
  if (finite.length === 0 || (finite.length < points.length && !ignoreNonfinite)) return null;
  const min = finite.reduce((least, x) => Math.min(least, x));
  const max = finite.reduce((most, x) => Math.max(most, x));
  const average = mean(finite);
  return {
    min,
    minIndex: points.indexOf(min),
    max,
    maxIndex: points.indexOf(max),
    average,
    variance: sampleVariance(finite),
    sum: finite.reduce((sum, x) => sum + x, 0),
    length: finite.length,
  };
}
