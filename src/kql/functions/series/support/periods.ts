import { meter } from '../../../meter';
import { lineThrough, lineValues } from './regression';
import { seasonalPart } from './seasonal_part';
import { sampleVariance } from './statistics';

/** Shortest period that is looked for; the longest is half the series. */
const MIN_PERIOD = 4;
/** Longer series are not searched: the work grows with the square of the length. */
const MAX_LENGTH = 20_000;

export interface Period {
  readonly length: number;
  /** 0…1 */
  readonly score: number;
}

/**
 * How alike a series is to itself, moved by each lag up to half its length: its autocorrelation once the linear trend is taken out.
 * Kusto's own way to score periods is not published; the periods are the same where a series has clear ones.
 */
function autocorrelation(series: readonly number[]): number[] {
  const line = lineValues(lineThrough(series), series.length);
  const rest = series.map((value, i) => value - line[i]!);
  const size = rest.length;
  const total = rest.reduce((sum, value) => sum + value * value, 0);
  const scale = series.reduce((sum, value) => sum + value * value, 0);
  const lags = Math.floor(size / 2);
  if (size > MAX_LENGTH || !(total > scale * 1e-18)) return new Array<number>(lags + 1).fill(0);
  meter.spendSteps(2 * size * lags);
  return Array.from({ length: lags + 1 }, (_, lag) => {
    let sum = 0;
    for (let i = 0; i + lag < size; i++) sum += rest[i]! * rest[i + lag]!;
    return (sum / total) * (size / (size - lag));
  });
}

/**
 * The score of one period: 0 where the series is not more alike to itself there than at the lags beside it, and not more than noise is
 * (two standard errors of an autocorrelation).
 */
function scoreAt(correlation: readonly number[], period: number): number {
  const lag = Math.round(period);
  if (lag < MIN_PERIOD || lag >= correlation.length) return 0;
  const here = correlation[lag]!;
  if (here < 2 / Math.sqrt(2 * correlation.length)) return 0;
  const isPeak = here > correlation[lag - 1]! && here >= (correlation[lag + 1] ?? -1);
  return isPeak ? Math.min(1, Math.max(0, here)) : 0;
}

const power = (series: readonly number[]): number => sampleVariance(series) * series.length;

/** Share of a series that a further period must explain. */
const LEAST_SHARE = 0.2;

/** The best periods of at least `min` and at most `max` points, each found in what the better ones leave. */
export function detectPeriods(series: readonly number[], min: number, max: number, count: number): Period[] {
  const found: Period[] = [];
  let rest = series;
  while (found.length < count) {
    const share = found.length === 0 ? 1 : power(rest) / power(series);
    const best = share < LEAST_SHARE ? undefined : bestPeriod(rest, min, max);
    if (!best) break;
    found.push({ length: best.length, score: best.score * share });
    const pattern = seasonalPart(rest, best.length, rest.length);
    rest = rest.map((value, i) => value - pattern[i]!);
  }
  return found;
}

function bestPeriod(series: readonly number[], min: number, max: number): Period | undefined {
  const correlation = autocorrelation(series);
  const peaks = correlation
    .map((_, length): Period => ({ length, score: scoreAt(correlation, length) }))
    .filter(({ length, score }) => length >= min && length <= max && score > 0);
  const top = Math.max(...peaks.map(({ score }) => score));
  // A multiple of a period is as good as the period itself, but for the noise: the shortest good one counts.
  return peaks.find(({ score }) => score >= top * 0.9);
}

export const scorePeriods = (series: readonly number[], periods: readonly number[]): number[] => {
  const correlation = autocorrelation(series);
  return periods.map((period) => scoreAt(correlation, period));
};

/** The period that a decomposition works with: the given one, or for -1 the best with at least the given score; 0: none. */
export function periodOf(series: readonly number[], given: number, threshold: number): number {
  if (given >= 0) return given;
  const [best] = detectPeriods(series, MIN_PERIOD, series.length / 2, 1);
  return best && best.score >= threshold ? best.length : 0;
}
