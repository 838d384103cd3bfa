import Decimal from 'decimal.js';
import { KqlError } from '../errors';
import { ELEMENT, meter } from '../meter';
import { dynamicReal } from './json';
import { type Dynamic, DynamicScalar, type ScalarType, type Value } from './types';

/** A cell of a known type as a dynamic. */
export function toDynamic(value: Value, type: ScalarType): Dynamic {
  if (value === null) return null;
  switch (type) {
    case 'real':
      return dynamicReal(value as number);
    case 'datetime':
    case 'timespan':
      return new DynamicScalar(type, value as bigint);
    case 'guid':
      return new DynamicScalar('guid', value as string);
    case 'decimal':
      return new DynamicScalar('decimal', value as Decimal);
    default:
      return value as Dynamic;
  }
}

/** A scalar inside a dynamic as a cell with its type; undefined for null, arrays and bags. */
export function scalarOf(value: Dynamic): { value: Value; type: ScalarType } | undefined {
  switch (typeof value) {
    case 'string':
      return { value, type: 'string' };
    case 'boolean':
      return { value, type: 'bool' };
    case 'bigint':
      return { value, type: 'long' };
    case 'number':
      return { value, type: Number.isInteger(value) ? 'long' : 'real' };
    default:
      return value instanceof DynamicScalar ? { value: value.value as Value, type: value.type } : undefined;
  }
}

/** Largest dynamic that functions build: its texts in UTF-16 units, and `ELEMENT` for each element. Of one event less: see `meter`. */
export const MAX_DYNAMIC = 256 * 1024 * 1024;

/**
 * Elements of a dynamic at any depth. What stands in it twice counts twice: in memory it is one, but whatever reads it, or writes it, meets
 * both. Throws KqlError of kind `run` where that is too much, before it has gone over more than that.
 */
export function elementsOf(value: Dynamic): number {
  let left = Math.min(MAX_DYNAMIC, meter.text);
  let elements = 0;
  const visit = (part: Dynamic): void => {
    elements++;
    left -= typeof part === 'string' ? ELEMENT + part.length : ELEMENT;
    if (left < 0) {
      if (meter.text < MAX_DYNAMIC) meter.refuseText();
      throw new KqlError('run', `a dynamic value is larger than ${MAX_DYNAMIC / (1024 * 1024)} million characters`);
    }
    if (Array.isArray(part)) for (const item of part) visit(item);
    else if (part instanceof Map)
      for (const [key, item] of part) {
        left -= key.length;
        visit(item);
      }
  };
  visit(value);
  return elements;
}

/** Kusto's name of what a dynamic holds, as `gettype` says it; "null" for null. */
export function dynamicKind(value: Dynamic): ScalarType | 'array' | 'dictionary' | 'null' {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'array';
  return scalarOf(value)?.type ?? 'dictionary';
}

/** Deep equality of dynamics, bags without regard to order. */
export function dynamicEquals(a: Dynamic, b: Dynamic): boolean {
  if (a === b) return true;
  if (a === null || b === null) return false;
  if (Array.isArray(a)) {
    return Array.isArray(b) && a.length === b.length && a.every((item, i) => dynamicEquals(item, b[i] ?? null));
  }
  if (a instanceof Map) {
    if (!(b instanceof Map) || a.size !== b.size) return false;
    for (const [key, item] of a) if (!b.has(key) || !dynamicEquals(item, b.get(key) ?? null)) return false;
    return true;
  }
  const left = scalarOf(a);
  const right = scalarOf(b);
  if (!left || !right) return false;
  const x = left.value;
  const y = right.value;
  if (x instanceof Decimal || y instanceof Decimal) {
    return left.type !== 'string' && right.type !== 'string' && Number(x) === Number(y);
  }
  // Only numbers compare across types: to JavaScript "1" == true and "" == 0.
  if (left.type !== right.type && !(isNumber(left.type) && isNumber(right.type))) return false;
  // biome-ignore lint/suspicious/noDoubleEquals: a number and a bigint of the same value are equal
  return x == y;
}

const isNumber = (type: ScalarType): boolean => type === 'long' || type === 'int' || type === 'real';
