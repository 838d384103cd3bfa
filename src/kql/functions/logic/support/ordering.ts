import { compareValues } from '../../../values/compare';
import { convert } from '../../../values/convert';
import { scalarOf } from '../../../values/dynamic';
import type { Dynamic, ScalarType, Value } from '../../../values/types';
import { isNumeric, numberOf } from '../../support/numbers';

/** Negative, 0, positive; NaN where a NaN takes part; null where a side is null or the values have no common order. */
export type Ordering = (a: Value, b: Value) => number | null;

/**
 * The order of two types for `<`, `between` and the like
 * (https://learn.microsoft.com/kusto/query/numerical-operators): numbers of any kind (bool counts as 0 and 1), datetimes, timespans; a
 * dynamic is read as the other side's type.
 */
export function orderingOf(left: ScalarType, right: ScalarType): Ordering {
  if (isPlain(left) && isPlain(right)) return (a, b) => (a === null || b === null ? null : plain(a, b));
  if (left === 'dynamic' && right === 'dynamic') return dynamicOrder;
  const read = (type: ScalarType, other: ScalarType): ((value: Value) => Value) => {
    if (isNumeric(other) || other === 'bool' || (type === 'bool' && isNumeric(other))) return (v) => numberOf(v, type);
    return type === other ? (v) => v : (v) => convert(v, type, other === 'dynamic' ? type : other);
  };
  const leftRead = read(left, right === 'dynamic' ? left : right);
  const rightRead = read(right, left === 'dynamic' ? right : left);
  return (a, b) => {
    const x = a === null ? null : leftRead(a);
    const y = b === null ? null : rightRead(b);
    return x === null || y === null ? null : typeof x === 'string' ? compareValues(x, y) : plain(x, y);
  };
}

/** int, long and real: JavaScript's own operators order them, number against bigint included. */
const isPlain = (type: ScalarType): boolean => type === 'int' || type === 'long' || type === 'real';

function plain(a: Value, b: Value): number {
  if (typeof a === 'object' || typeof b === 'object') {
    if (Number.isNaN(a) || Number.isNaN(b)) return Number.NaN;
    return compareValues(a, b);
  }
  const x = a as number;
  const y = b as number;
  return x < y ? -1 : x > y ? 1 : Number.isNaN(x) || Number.isNaN(y) ? Number.NaN : 0;
}

function dynamicOrder(a: Value, b: Value): number | null {
  const x = scalarOf(a as Dynamic);
  const y = scalarOf(b as Dynamic);
  if (!x || !y || x.type === 'dynamic' || y.type === 'dynamic') return null;
  if (x.type === 'string' && y.type === 'string') return compareValues(x.value, y.value);
  return orderingOf(x.type, y.type)(x.value, y.value);
}
