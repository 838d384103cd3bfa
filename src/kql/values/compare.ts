import Decimal from 'decimal.js';
import { stringifyJson } from './json';
import { type Dynamic, DynamicScalar, type ScalarType, type Value } from './types';

/**
 * Orders two non-null cells of one type (numbers of any kind may mix): negative, 0, positive. Strings by UTF-16 unit, as .NET's
 * ordinal comparison; NaN sorts before every number.
 */
export function compareValues(a: Value, b: Value): number {
  if (a instanceof Decimal || b instanceof Decimal) {
    return new Decimal(decimalText(a)).cmp(new Decimal(decimalText(b)));
  }
  if (Number.isNaN(a as number) || Number.isNaN(b as number)) {
    if (typeof a === 'number' && typeof b === 'number') return Number(Number.isNaN(b)) - Number(Number.isNaN(a));
  }
  const x = a as number;
  const y = b as number;
  return x < y ? -1 : x > y ? 1 : 0;
}

const decimalText = (value: Value): string => (value instanceof Decimal ? value.toString() : String(value));

/** Whether two non-null cells of one type (numbers may mix) are equal. */
export function equalValues(a: Value, b: Value): boolean {
  if (a === b) return true;
  if (a instanceof Decimal || b instanceof Decimal) return compareValues(a, b) === 0;
  // biome-ignore lint/suspicious/noDoubleEquals: a number and a bigint of the same value are equal
  return typeof a !== 'object' && typeof b !== 'object' && typeof a !== 'string' && typeof b !== 'string' && a == b;
}

/**
 * A text that is the same for two cells exactly when they are the same group key. Group keys are case-sensitive, null is a key of
 * its own. The text holds no other meaning: compare it, do not parse it.
 */
export function keyText(value: Value, type: ScalarType): string {
  if (value === null) return '\u0000';
  switch (type) {
    case 'string':
    case 'guid':
      return value as string;
    case 'dynamic':
      return typeof value === 'string' ? `s${value}` : `j${stringifyJson(sorted(value as Dynamic))}`;
    case 'real':
      return Object.is(value, -0) ? '0' : String(value);
    default:
      return String(value);
  }
}

/** The group key of several cells. Lengths keep ("a","bc") and ("ab","c") apart. */
export function groupKey(values: readonly Value[], types: readonly ScalarType[]): string {
  if (values.length === 1) return keyText(values[0]!, types[0]!);
  let key = '';
  for (let i = 0; i < values.length; i++) {
    const text = keyText(values[i]!, types[i]!);
    key += `${text.length}:${text}`;
  }
  return key;
}

function sorted(value: Dynamic): Dynamic {
  if (Array.isArray(value)) return value.map(sorted);
  if (value instanceof Map) {
    return new Map([...value].sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, item]) => [key, sorted(item)]));
  }
  return value instanceof DynamicScalar ? value : value;
}
