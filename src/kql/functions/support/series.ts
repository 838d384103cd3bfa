import { scalarOf, toDynamic } from '../../values/dynamic';
import { dynamicReal } from '../../values/json';
import type { Dynamic, ScalarType, Value } from '../../values/types';

/** A point of a series: null for what is no number. */
export type Point = number | null;

/** An element as a real; datetimes and timespans as ticks. */
export function pointOf(value: Dynamic): Point {
  const scalar = scalarOf(value);
  switch (scalar?.type) {
    case 'long':
    case 'real':
    case 'decimal':
    case 'datetime':
    case 'timespan':
      return Number(scalar.value);
    default:
      return null;
  }
}

/** An array as points; null for what is no array. */
export const pointsOf = (value: Dynamic): Point[] | null => (Array.isArray(value) ? value.map(pointOf) : null);

/** An array of numbers only; null for any other and for an empty one. */
export function numbersOf(value: Dynamic): number[] | null {
  const points = pointsOf(value);
  return points !== null && points.length > 0 && points.every((point) => point !== null) ? (points as number[]) : null;
}

export const realSeries = (points: readonly Point[]): Dynamic[] =>
  points.map((point) => (point === null ? null : dynamicReal(point)));

/** Whether an element is an integer of Kusto's, not a real that happens to be whole. */
export const isLong = (value: Dynamic): value is number | bigint =>
  typeof value === 'bigint' || (typeof value === 'number' && Number.isInteger(value));

/** The elements of two operands in step; a scalar goes with every element, a shorter array ends in nulls. Null if both are scalars. */
export function zipOperands(
  left: Value,
  leftType: ScalarType,
  right: Value,
  rightType: ScalarType,
): [Dynamic, Dynamic][] | null {
  const a = toDynamic(left, leftType);
  const b = toDynamic(right, rightType);
  const length = Math.max(Array.isArray(a) ? a.length : -1, Array.isArray(b) ? b.length : -1);
  if (length < 0 || a === null || b === null) return null;
  const at = (operand: Dynamic, i: number): Dynamic => (Array.isArray(operand) ? (operand[i] ?? null) : operand);
  return Array.from({ length }, (_, i) => [at(a, i), at(b, i)]);
}
