import { meter } from '../../../meter';
import { type Fit, lineThrough, lineValues, quality } from './regression';

export interface Side extends Fit {
  readonly slope: number;
  readonly interception: number;
}

export interface TwoLines {
  readonly whole: Fit;
  /** Index of the first point of the right line. */
  readonly split: number;
  readonly left: Side;
  readonly right: Side;
}

/** Longer series are cut at every so many points only: each cut costs a fit of the whole series. */
const MAX_CUTS = 1_000;
/** Steps that a point is in the fit of one cut. */
const STEPS = 8;

function side(points: readonly number[]): Side {
  const line = lineThrough(points);
  return { ...quality(points, lineValues(line, points.length)), ...line };
}

/** The two least-squares lines, one after the other, that match best. Null for fewer than two points. */
export function twoLinesThrough(y: readonly number[]): TwoLines | null {
  let best: TwoLines | null = null;
  const step = Math.max(1, Math.ceil(y.length / MAX_CUTS));
  meter.spendSteps((STEPS * y.length * y.length) / step);
  for (let split = 1; split < y.length; split += step) {
    const left = side(y.slice(0, split));
    const right = side(y.slice(split));
    const whole = quality(y, [...left.fit, ...right.fit]);
    if (!best || whole.rvariance < best.whole.rvariance) best = { whole, split, left, right };
  }
  return best;
}
