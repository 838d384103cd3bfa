/** A percentile (0…100) of sorted numbers, between two of them in proportion. */
function percentileOf(sorted: readonly number[], percent: number): number {
  const place = ((sorted.length - 1) * percent) / 100;
  const below = Math.floor(place);
  const low = sorted[below]!;
  return low + ((sorted[below + 1] ?? low) - low) * (place - below);
}

export interface Fences {
  /** Percentiles between which the range is taken. */
  readonly low: number;
  readonly high: number;
}

export type OutlierTest = 'tukey' | 'ctukey';
export const isOutlierTest = (text: string): text is OutlierTest => text === 'tukey' || text === 'ctukey';
export const fencesOf = (test: OutlierTest): Fences =>
  test === 'tukey' ? { low: 25, high: 75 } : { low: 10, high: 90 };

/**
 * Tukey's test: how many ranges a value lies above the upper percentile (positive) or below the lower one (negative); 0 within. `known`
 * says which values the percentiles are taken of. Without any spread, what lies outside is infinitely far.
 */
export function outlierScores(values: readonly number[], known: readonly number[], { low, high }: Fences): number[] {
  if (known.length === 0) return values.map(() => 0);
  const sorted = [...known].sort((a, b) => a - b);
  const lower = percentileOf(sorted, low);
  const upper = percentileOf(sorted, high);
  const range = upper - lower;
  return values.map((value) => {
    const distance = value > upper ? value - upper : value < lower ? value - lower : 0;
    return distance === 0 ? 0 : distance / range;
  });
}
