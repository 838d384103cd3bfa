import { existsSync } from 'node:fs';
import type { TableDeclaration } from '../../src/compiler/compile';
import { decode } from '../../src/events/decode';
import { type Column, TIME_COLUMN } from '../../src/kql';
import { type LegRequirements, Prefilter } from '../../src/prefilter';
import type { Fields } from '../../src/streaming/source-row';
import { loadTables } from '../../src/tables';
import { isBlobPlace, type TimeRange } from '../io/blobs';
import { UsageError } from '../io/output';
import { tablesFolder } from '../io/paths';
import { type Piece, PieceReader, piecesOf } from '../io/pieces';
import { expandInputs } from '../io/sources';
import { type UnreadCount, UnreadTally } from './unread';

/** A table that is read from a file, for `query`. */
export interface TableFile {
  readonly declaration: TableDeclaration;
  /** Whether its rows have a time to be put in order by. */
  readonly hasTime: boolean;
  /**
   * Gives the events of the table, in the order of the file. `wanted`: for each use of the table what its events must have; others may be left
   * out. Absent: all are wanted. Returns what could not be read. Throws Error, with the file's name.
   */
  read(take: (fields: Fields) => void, wanted?: LegRequirements): Promise<ReadResult>;
}

export interface ReadResult {
  readonly file: string;
  readonly unread: readonly UnreadCount[];
  /** Names of other tables that records were of, where none was of this one. */
  readonly others: readonly string[];
}

/**
 * `NAME=FILE`: events of a known table as they stand on a hub (its schema is that of tables/), or, for a name that is not known, JSON
 * objects whose columns are taken from the data, which is read for them. `isKept`: events are kept, to be read again and again.
 */
export async function openTableFile(
  argument: string,
  isKept: boolean,
  schemas = loadTables(tablesFolder()),
  range: TimeRange = {},
): Promise<TableFile> {
  const at = argument.indexOf('=');
  const name = argument.slice(0, at);
  const file = argument.slice(at + 1);
  const isPlace = isBlobPlace(file);
  if (at < 1 || (file !== '-' && !isPlace && !existsSync(file)))
    throw new UsageError(`--table ${argument}: it must be NAME=FILE, with a file that exists`);
  const schema = schemas.get(name);
  const files = await expandInputs([file], range);
  const source = new Source(name, file, files, schema === undefined);
  // Standard input is there but once.
  const read = isKept || (file === '-' && !schema) ? source.keeping() : source.read;
  const columns = schema?.columns ?? (await columnsOf(read));
  return {
    declaration: { name, columns, open: schema?.open },
    hasTime: columns.some((column) => column.name === TIME_COLUMN),
    read,
  };
}

/** Events of one table in a file. */
class Source {
  constructor(
    private readonly name: string,
    private readonly file: string,
    /** What it stands for. */
    private readonly files: readonly string[],
    /** Messages are JSON objects of any form. */
    private readonly isPlain: boolean,
  ) {}

  readonly read: TableFile['read'] = async (take, wanted) => {
    const { file, files, name } = this;
    const tally = new UnreadTally();
    const others = new Set<string>();
    let taken = 0;
    const prefilter = wanted && !this.isPlain ? new Prefilter([wanted], { defaultTable: name }) : undefined;
    const reader = new PieceReader();
    let message = 0;
    try {
      for await (const piece of allPieces(files)) {
        for (const body of reader.bodies(piece)) {
          // The first messages are read in any case: they tell what tables there are where none of the records is of this one.
          if (message < LOOKED_AT || prefilter?.judge(body).kind !== 'unread') {
            const { events, rejected } = this.isPlain ? plainObjects(body) : this.decoded(body, others);
            for (const { reason, detail } of rejected) tally.add({ reason, count: 1, first: { message, detail } });
            for (const event of events) take(event);
            taken += events.length;
          }
          message++;
        }
      }
    } finally {
      reader.close();
    }
    return { file, unread: tally.list(), others: taken === 0 ? [...others] : [] };
  };

  /** Reads once, and gives what was read again and again. */
  keeping(): TableFile['read'] {
    let kept: Promise<{ events: Fields[]; result: ReadResult }> | undefined;
    const readAll = async (): Promise<{ events: Fields[]; result: ReadResult }> => {
      const events: Fields[] = [];
      const result = await this.read((fields) => events.push(fields));
      return { events, result };
    };
    return async (take) => {
      kept ??= readAll();
      const { events, result } = await kept;
      events.forEach(take);
      return result;
    };
  }

  private decoded(body: Buffer, others: Set<string>): Events {
    const { records, rejected } = decode({ body }, { defaultTable: this.name });
    const events: Fields[] = [];
    for (const { table, fields } of records) {
      if (table === this.name) events.push(fields);
      else if (others.size < MOST_OTHERS) others.add(table);
    }
    return { events, rejected };
  }
}

async function* allPieces(files: readonly string[]): AsyncGenerator<Piece> {
  for (const file of files) yield* piecesOf(file);
}

const MOST_OTHERS = 5;
const LOOKED_AT = 20;

interface Events {
  readonly events: readonly Fields[];
  readonly rejected: readonly { readonly reason: string; readonly detail: string }[];
}

function plainObjects(body: Buffer): Events {
  let json: unknown;
  try {
    json = JSON.parse(body.toString('utf8'));
  } catch (error) {
    return { events: [], rejected: [{ reason: 'invalid-json', detail: (error as Error).message }] };
  }
  const list: unknown[] = Array.isArray(json) ? json : [json];
  const isObject = (item: unknown): item is Fields => typeof item === 'object' && item !== null;
  const events = list.filter(isObject);
  const rejected = list
    .filter((item) => !isObject(item))
    .map(() => ({ reason: 'not-an-object', detail: 'a value that is no object' }));
  return { events, rejected };
}

/** Columns of plain objects: string, real, bool, or dynamic where values differ; TimeGenerated is a datetime. */
async function columnsOf(read: TableFile['read']): Promise<Column[]> {
  const types = new Map<string, Column['type']>();
  await read((record) => {
    for (const [name, value] of Object.entries(record)) {
      if (value === null) continue;
      const type = name === TIME_COLUMN ? 'datetime' : typeOf(value);
      const known = types.get(name);
      types.set(
        name,
        known === undefined || known === type ? type : isNumber(known) && isNumber(type) ? 'real' : 'dynamic',
      );
    }
  });
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
