import { isConflict } from '../state/errors';
import { decodeTime, encodeTime, hash } from '../state/keys';
import { LIMITS } from '../state/limits';
import {
  type EntityStore,
  type Operation,
  type PropertyValue,
  partitionRange,
  type StoredEntity,
} from '../state/store';
import { latePartition } from './late-panes';

/** The note of a pane that got rows after a window over it had begun to run. */
export interface LatePane {
  readonly paneStart: number;
  readonly etag: string;
  /** Ends [from, to], ms, of windows over it that have been run again since it was written. */
  readonly done: readonly (readonly [number, number])[];
}

/** The first notes of a rule, oldest first. */
export async function readLatePanes(
  store: EntityStore,
  table: string,
  lineage: string,
  limit: number,
): Promise<LatePane[]> {
  const notes: LatePane[] = [];
  for await (const page of store.query(table, partitionRange(latePartition(lineage)))) {
    for (const entity of page) notes.push(toLatePane(entity));
    if (notes.length >= limit) break;
  }
  return notes.slice(0, limit);
}

/** The notes of all rules. */
export interface AllLatePanes {
  /** By lineage, oldest first. */
  readonly notes: ReadonlyMap<string, LatePane[]>;
  /** Whether these are all notes of a lineage. */
  isWhole(lineage: string): boolean;
}

/** So many notes are read at once; where there are more, as many again of others, another time of others again. */
const MOST_NOTES = 20_000;

/** Reads the notes of all rules, with one request for a thousand. `now`: ms. */
export async function readAllLatePanes(store: EntityStore, table: string, now: number): Promise<AllLatePanes> {
  const notes = new Map<string, LatePane[]>();
  const cutAt = await readFrom(store, table, '', notes);
  if (cutAt === undefined) return { notes, isWhole: () => true };
  // Lineages are hashes: somewhere among those that were not reached, wherever they lie, and elsewhere in another minute.
  const from = hash(String(Math.floor(now / 60_000)), 24);
  const begin = from > cutAt ? from : `${cutAt}~`;
  const endsAt = await readFrom(store, table, begin, notes);
  return {
    notes,
    isWhole: (lineage) => lineage < cutAt || (lineage > begin && (endsAt === undefined || lineage < endsAt)),
  };
}

/** Returns the lineage that the bound was reached in; undefined where all up to the last were read. */
async function readFrom(
  store: EntityStore,
  table: string,
  from: string,
  notes: Map<string, LatePane[]>,
): Promise<string | undefined> {
  let count = 0;
  let lineage = '';
  const range = { partitionFrom: latePartition(from), partitionTo: 'late/' };
  for await (const page of store.query(table, range)) {
    if (count >= MOST_NOTES && page.length > 0) return lineage;
    for (const entity of page) {
      lineage = entity.partitionKey.slice(latePartition('').length);
      const own = notes.get(lineage);
      if (own) own.push(toLatePane(entity));
      else notes.set(lineage, [toLatePane(entity)]);
    }
    count += page.length;
  }
  return undefined;
}

function toLatePane({ rowKey, etag, properties }: StoredEntity): LatePane {
  return { paneStart: decodeTime(rowKey), etag, done: doneOf(properties.done) };
}

/** What cannot be read is not done. */
function doneOf(stored: PropertyValue | undefined): [number, number][] {
  try {
    return JSON.parse(String(stored ?? '[]')) as [number, number][];
  } catch {
    return [];
  }
}

/** Deletes notes, but those that were written again since they were read. */
export async function clearLatePanes(
  store: EntityStore,
  table: string,
  lineage: string,
  notes: readonly LatePane[],
): Promise<void> {
  await together(store, table, lineage, notes, ({ paneStart, etag }) => ({
    kind: 'delete',
    rowKey: encodeTime(paneStart),
    ifMatch: etag,
  }));
}

/** Most stretches of windows that a note says are done; of more, the rest is done again. */
const MOST_STRETCHES = 100;

/** Writes to notes which of their windows are done, but to those that were written again since they were read. Returns those written. */
export async function noteDone(
  store: EntityStore,
  table: string,
  lineage: string,
  notes: readonly LatePane[],
): Promise<LatePane[]> {
  const etags = await together(store, table, lineage, notes, ({ paneStart, etag, done }) => ({
    kind: 'replace',
    rowKey: encodeTime(paneStart),
    properties: { pane: paneStart, done: JSON.stringify(done.slice(0, MOST_STRETCHES)) },
    ifMatch: etag,
  }));
  return notes.flatMap((note, i) => (etags[i] === undefined ? [] : [{ ...note, etag: etags[i] }]));
}

/** Changes notes, many in a transaction; where one of these has changed meanwhile, each by itself. Returns the new ETags. */
async function together(
  store: EntityStore,
  table: string,
  lineage: string,
  notes: readonly LatePane[],
  change: (note: LatePane) => Operation,
): Promise<(string | undefined)[]> {
  const attempt = async (part: readonly LatePane[]): Promise<readonly (string | undefined)[] | undefined> => {
    try {
      return await store.transact(table, latePartition(lineage), part.map(change));
    } catch (error) {
      if (!isConflict(error)) throw error;
      return undefined;
    }
  };
  const etags: (string | undefined)[] = [];
  for (let i = 0; i < notes.length; i += LIMITS.transactionEntities) {
    const part = notes.slice(i, i + LIMITS.transactionEntities);
    const all = await attempt(part);
    if (all) etags.push(...all);
    else if (part.length === 1) etags.push(undefined);
    else for (const note of part) etags.push((await attempt([note]))?.[0]);
  }
  return etags;
}
