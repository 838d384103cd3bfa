import type Decimal from 'decimal.js';
import { formatDatetime } from './values/datetime';
import { scalarText } from './values/json';
import { formatTimespan } from './values/timespan';
import { type Column, type Dynamic, DynamicScalar, type ScalarType, type Value } from './values/types';

/** A cell as plain JSON for people and programs: datetime as ISO 8601 with 7 digits, timespan as text, long as a number (a string beyond 2^53). */
export function jsonCell(value: Value, type: ScalarType): unknown {
  if (value === null) return null;
  switch (type) {
    case 'datetime':
      return formatDatetime(value as bigint);
    case 'timespan':
      return formatTimespan(value as bigint);
    case 'long':
      return typeof value === 'bigint' ? value.toString() : value;
    case 'real':
      return Number.isFinite(value) ? value : String(value);
    case 'decimal':
      return (value as Decimal).toFixed();
    case 'dynamic':
      return jsonDynamic(value as Dynamic);
    default:
      return value;
  }
}

/** A dynamic as plain JSON. Bags become objects without a prototype: their keys come from events. */
function jsonDynamic(value: Dynamic): unknown {
  if (value === null) return null;
  if (typeof value === 'bigint') return value.toString();
  if (typeof value === 'number') return Number.isFinite(value) ? value : String(value);
  if (Array.isArray(value)) return value.map(jsonDynamic);
  if (value instanceof DynamicScalar) return value.type === 'real' ? value.value : scalarText(value);
  if (value instanceof Map) {
    const object: Record<string, unknown> = Object.create(null) as Record<string, unknown>;
    for (const [key, item] of value) object[key] = jsonDynamic(item);
    return object;
  }
  return value;
}

/** Rows as plain JSON, cells by column position. */
export const jsonRows = (columns: readonly Column[], rows: readonly (readonly Value[])[]): unknown[][] =>
  rows.map((row) => columns.map((column, i) => jsonCell(row[i] ?? null, column.type)));
