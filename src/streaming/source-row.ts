import {
  type Column,
  convert,
  type Dynamic,
  dynamicReal,
  INGESTION_COLUMN,
  nullOf,
  parseDynamic,
  type Row,
  type Schema,
  type Value,
} from '../kql';

/** JSON fields of one event of a table, own properties only. */
export type Fields = Readonly<Record<string, unknown>>;

/** Takes a row out of an event's fields. `ingestion`: enqueued time, ticks. */
export type RowReader = (fields: Fields, ingestion: bigint) => Row;

/** Takes one column out of an event's fields. */
export type CellReader = (fields: Fields, ingestion: bigint) => Value;

/** A reader for a column. A field that is absent, or does not convert, is the null of its type. */
export function cellReader(column: Column): CellReader {
  const { name, type } = column;
  if (name === INGESTION_COLUMN) return (_, ingestion) => ingestion;
  return (fields) => (Object.hasOwn(fields, name) ? cell(fields[name], column) : nullOf(type));
}

/** A reader for these columns. */
export function rowReader(columns: Schema): RowReader {
  const readers = columns.map(cellReader);
  return (fields, ingestion) => readers.map((read) => read(fields, ingestion));
}

function cell(value: unknown, { type }: Column): Value {
  if (value === null || value === undefined) return nullOf(type);
  switch (typeof value) {
    case 'string':
      if (type === 'string') return value;
      return type === 'dynamic' ? parseDynamic(value) : convert(value, 'string', type);
    case 'number':
      return convert(value, Number.isInteger(value) ? 'long' : 'real', type);
    case 'bigint':
      return convert(value, 'long', type);
    case 'boolean':
      return convert(value, 'bool', type);
    default:
      return convert(fromJson(value, 0), 'dynamic', type);
  }
}

/** Deepest nesting kept of a JSON value; the decoder bounds its input as well. */
const MAX_DEPTH = 256;

/** Plain JSON → dynamic. */
function fromJson(value: unknown, depth: number): Dynamic {
  if (value === null || value === undefined || depth > MAX_DEPTH) return null;
  if (Array.isArray(value)) return value.map((item) => fromJson(item, depth + 1));
  if (typeof value === 'object') {
    const bag = new Map<string, Dynamic>();
    for (const key of Object.keys(value)) bag.set(key, fromJson((value as Record<string, unknown>)[key], depth + 1));
    return bag;
  }
  if (typeof value === 'number') return Number.isInteger(value) ? value : dynamicReal(value);
  return value as Dynamic;
}
