import { equalValues } from '../../../values/compare';
import { convert } from '../../../values/convert';
import { dynamicEquals } from '../../../values/dynamic';
import type { Dynamic, ScalarType, Value } from '../../../values/types';
import { isNumeric, numberOf } from '../../support/numbers';

/** true, false, or null where both sides are null. */
export type Equality = (a: Value, b: Value) => boolean | null;

/**
 * `==` for a pair of types, with the rules of https://learn.microsoft.com/kusto/query/scalar-data-types/null-values: one null is not
 * equal, two nulls give null. Of two different types the less specific one (string, then dynamic) is converted to the other; what does not convert
 * is null.
 */
export function equalityOf(left: ScalarType, right: ScalarType): Equality {
  if (left === 'string' && right === 'string') return (a, b) => a === b;
  if (left === 'dynamic' && right === 'dynamic') {
    return withNulls((a, b) => dynamicEquals(a as Dynamic, b as Dynamic));
  }
  if (left === right || (isNumeric(left) && isNumeric(right))) return withNulls(equalValues);
  // A dynamic beside a string is compared as text: `d.x == ""` holds where x is missing.
  if (isText(left) && isText(right)) return (a, b) => convert(a, left, 'string') === convert(b, right, 'string');
  if (isNumberLike(left) && isNumberLike(right)) {
    return withNulls(
      equalValues,
      (a) => numberOf(a, left),
      (b) => numberOf(b, right),
    );
  }
  if (isText(left)) return withNulls(equalValues, (a) => comparable(a, left, right), undefined);
  if (isText(right)) return withNulls(equalValues, undefined, (b) => comparable(b, right, left));
  const ticks = (type: ScalarType): boolean => type === 'datetime' || type === 'timespan';
  if ((ticks(left) && isNumeric(right)) || (ticks(right) && isNumeric(left))) return withNulls(equalValues);
  return withNulls(() => false);
}

const isText = (type: ScalarType): boolean => type === 'string' || type === 'dynamic';
const isNumberLike = (type: ScalarType): boolean => isNumeric(type) || type === 'bool' || isText(type);

/** A string or dynamic as what the other side is. Against numbers nothing is cut off: 1.5 is not 1. */
const comparable = (value: Value, from: ScalarType, to: ScalarType): Value =>
  isNumeric(to) ? numberOf(value, from) : convert(value, from, to);

function withNulls(
  equal: (a: Value, b: Value) => boolean,
  left?: (a: Value) => Value,
  right?: (b: Value) => Value,
): Equality {
  return (a, b) => {
    const x = left && a !== null ? left(a) : a;
    const y = right && b !== null ? right(b) : b;
    if (x === null || y === null) return x === y ? null : false;
    return equal(x, y);
  };
}
