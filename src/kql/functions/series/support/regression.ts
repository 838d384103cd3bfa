import { mean, sampleVariance } from './statistics';

export interface Fit {
  readonly rsquare: number;
  readonly variance: number;
  /** Variance of the residuals. */
  readonly rvariance: number;
  /** The fitted values. */
  readonly fit: number[];
}

/** How well fitted values match. A constant series is matched fully or not at all. */
export function quality(y: readonly number[], fit: number[]): Fit {
  const center = mean(y);
  const total = y.reduce((sum, value) => sum + (value - center) ** 2, 0);
  const rest = y.reduce((sum, value, i) => sum + (value - fit[i]!) ** 2, 0);
  const rsquare = total === 0 ? (rest === 0 ? 1 : 0) : Math.max(0, 1 - rest / total);
  return { rsquare, variance: sampleVariance(y), rvariance: y.length < 2 ? 0 : rest / (y.length - 1), fit };
}

export interface Line {
  readonly slope: number;
  /** The line's value one step before the first point: x counts from 1. */
  readonly interception: number;
}

/** The least-squares line through evenly spaced points. */
export function lineThrough(y: readonly number[]): Line {
  const centerX = (y.length + 1) / 2;
  const centerY = mean(y);
  let [xy, xx] = [0, 0];
  y.forEach((value, i) => {
    xy += (i + 1 - centerX) * (value - centerY);
    xx += (i + 1 - centerX) ** 2;
  });
  const slope = xx === 0 ? 0 : xy / xx;
  return { slope, interception: centerY - slope * centerX };
}

/** Values of a line at the first `length` points. */
export const lineValues = (line: Line, length: number): number[] =>
  Array.from({ length }, (_, i) => line.interception + line.slope * (i + 1));

/**
 * Least-squares coefficients of a polynomial, highest power first: QR by modified Gram-Schmidt. Null where the points do not
 * determine them.
 */
export function polynomialThrough(x: readonly number[], y: readonly number[], degree: number): number[] | null {
  const size = degree + 1;
  const columns = Array.from({ length: size }, (_, j) => x.map((value) => value ** (degree - j)));
  const r: number[][] = columns.map(() => new Array<number>(size).fill(0));
  const rest = [...y];
  const target: number[] = [];
  for (let j = 0; j < size; j++) {
    const column = columns[j]!;
    const before = norm(x.map((value) => value ** (degree - j)));
    const length = norm(column);
    if (!(length > before * 1e-12)) return null;
    r[j]![j] = length;
    for (let i = 0; i < column.length; i++) column[i]! /= length;
    for (let k = j + 1; k < size; k++) r[j]![k] = project(columns[k]!, column);
    target.push(project(rest, column));
  }
  const coefficients = new Array<number>(size).fill(0);
  for (let j = size - 1; j >= 0; j--) {
    let value = target[j]!;
    for (let k = j + 1; k < size; k++) value -= r[j]![k]! * coefficients[k]!;
    coefficients[j] = value / r[j]![j]!;
  }
  return coefficients;
}

const norm = (values: readonly number[]): number => Math.sqrt(values.reduce((sum, value) => sum + value * value, 0));

/** Takes out of `values` what lies along a unit vector; returns how much that was. */
function project(values: number[], unit: readonly number[]): number {
  let along = 0;
  for (let i = 0; i < unit.length; i++) along += values[i]! * unit[i]!;
  for (let i = 0; i < unit.length; i++) values[i]! -= along * unit[i]!;
  return along;
}

/** Horner's scheme; coefficients from the highest power down. */
export const polynomialAt = (coefficients: readonly number[], x: number): number =>
  coefficients.reduce((value, coefficient) => value * x + coefficient, 0);
