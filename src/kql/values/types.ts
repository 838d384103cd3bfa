import type Decimal from 'decimal.js';

/** Kusto's scalar types. https://learn.microsoft.com/kusto/query/scalar-data-types/ */
export type ScalarType =
  | 'bool'
  | 'int'
  | 'long'
  | 'real'
  | 'decimal'
  | 'string'
  | 'datetime'
  | 'timespan'
  | 'guid'
  | 'dynamic';

export const SCALAR_TYPES: readonly ScalarType[] = [
  'bool',
  'int',
  'long',
  'real',
  'decimal',
  'string',
  'datetime',
  'timespan',
  'guid',
  'dynamic',
];

/**
 * A cell. Its Kusto type is known from the column, never guessed from the JavaScript type:
 *
 * | Kusto | JavaScript |
 * |---|---|
 * | bool | boolean |
 * | int | number |
 * | long | number when safe (|x| < 2^53), else bigint: see `normLong` |
 * | real | number (NaN and infinities included) |
 * | decimal | Decimal |
 * | string | string, never null |
 * | datetime | bigint: ticks of 100 ns since 0001-01-01T00:00:00Z |
 * | timespan | bigint: ticks of 100 ns |
 * | guid | string, lower case |
 * | dynamic | see `Dynamic` |
 *
 * null stands for the null value of every type but string.
 */
export type Value = null | boolean | number | bigint | string | Decimal | DynamicScalar | Dynamic[] | Bag;

/**
 * A dynamic value: null, boolean, string, number (an integer is a Kusto long, any other a real), bigint (a long beyond 2^53),
 * an array, a bag, or a `DynamicScalar` for what JSON cannot say.
 */
export type Dynamic = null | boolean | number | bigint | string | DynamicScalar | Dynamic[] | Bag;

/** A property bag: a Map, so that keys written by an attacker (`__proto__`) are keys and nothing else. Keeps insertion order. */
export type Bag = Map<string, Dynamic>;

/** A typed scalar inside a dynamic: datetime, timespan, guid, decimal, or a real that is a whole number (`1.0`). */
export class DynamicScalar {
  constructor(
    readonly type: 'real' | 'datetime' | 'timespan' | 'guid' | 'decimal',
    readonly value: number | bigint | string | Decimal,
  ) {}
}

export interface Column {
  readonly name: string;
  readonly type: ScalarType;
}

export type Schema = readonly Column[];
/** Cells by column position. */
export type Row = Value[];

export interface Table {
  readonly schema: Schema;
  readonly rows: Row[];
}

export const isBag = (value: unknown): value is Bag => value instanceof Map;
export const isArray = (value: unknown): value is Dynamic[] => Array.isArray(value);

/** The null of a type: "" for string, null for all others. */
export const nullOf = (type: ScalarType): Value => (type === 'string' ? '' : null);
