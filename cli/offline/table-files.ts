import { existsSync } from 'node:fs';
import type { TableDeclaration } from '../../src/compiler/compile';
import { decode } from '../../src/events/decode';
import { type Column, type Row, TIME_COLUMN } from '../../src/kql';
import { canonicalRows } from '../../src/streaming/canonical-order';
import { type Fields, rowReader } from '../../src/streaming/source-row';
import { loadTables } from '../../src/tables';
import { messageBodies } from '../io/input';
import { UsageError } from '../io/output';
import { tablesFolder } from '../io/paths';

/** Rows of a table read from a file, for `query`. */
export interface TableFile {
  readonly declaration: TableDeclaration;
  rows(columns: readonly Column[]): Row[];
}

/**
 * `NAME=FILE`: events of a known table as they stand on a hub (its schema is that of tables/), or, for a name that is not known, JSON
 * objects whose columns are taken from the data.
 */
export async function readTableFile(argument: string, schemas = loadTables(tablesFolder())): Promise<TableFile> {
  const at = argument.indexOf('=');
  const name = argument.slice(0, at);
  const file = argument.slice(at + 1);
  if (at < 1 || (file !== '-' && !existsSync(file)))
    throw new UsageError(`--table ${argument}: it must be NAME=FILE, with a file that exists`);
  const schema = schemas.get(name);
  const records: Fields[] = [];
  for await (const body of messageBodies(file)) {
    if (!schema) records.push(...plainObjects(body, file));
    else {
      const { records: decoded } = decode({ body }, { defaultTable: name });
      for (const record of decoded) if (record.table === name) records.push(record.fields);
    }
  }
  const columns = schema?.columns ?? columnsOf(records);
  const hasTime = columns.some((column) => column.name === TIME_COLUMN);
  return {
    declaration: { name, columns, open: schema?.open },
    rows(wanted) {
      const events = records.map((fields) => ({ fields, ingestion: 0n }));
      if (hasTime) return canonicalRows(events, wanted);
      const read = rowReader(wanted);
      return events.map(({ fields, ingestion }) => read(fields, ingestion));
    },
  };
}

function plainObjects(body: Buffer, file: string): Fields[] {
  let json: unknown;
  try {
    json = JSON.parse(body.toString('utf8'));
  } catch (error) {
    throw new Error(`${file}: not JSON (${(error as Error).message})`);
  }
  const list: unknown[] = Array.isArray(json) ? json : [json];
  return list.filter((item): item is Fields => typeof item === 'object' && item !== null);
}

/** Columns of plain objects: string, real, bool, or dynamic where values differ; TimeGenerated is a datetime. */
function columnsOf(records: readonly Fields[]): Column[] {
  const types = new Map<string, Column['type']>();
  for (const record of records) {
    for (const [name, value] of Object.entries(record)) {
      if (value === null) continue;
      const type = name === TIME_COLUMN ? 'datetime' : typeOf(value);
      const known = types.get(name);
      types.set(
        name,
        known === undefined || known === type ? type : isNumber(known) && isNumber(type) ? 'real' : 'dynamic',
      );
    }
  }
  return [...types].map(([name, type]) => ({ name, type }));
}

const isNumber = (type: Column['type']): boolean => type === 'long' || type === 'real';

function typeOf(value: unknown): Column['type'] {
  switch (typeof value) {
    case 'string':
      return 'string';
    case 'number':
      return Number.isInteger(value) ? 'long' : 'real';
    case 'boolean':
      return 'bool';
    default:
      return 'dynamic';
  }
}
