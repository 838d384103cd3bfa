import { isConflict } from '../state/errors';
import type { EntityStore, Operation, Properties, PropertyValue, StoredEntity } from '../state/store';

/**
 * Where a rule stands under one lineage of its plans. All plans of a rule with the same schedule, panes and state hashes are one lineage;
 * an edit that changes any of them begins another. A cursor says which windows its lineage owns and how far they have run.
 */
export interface RuleCursor {
  readonly ruleId: string;
  readonly lineage: string;
  /** Windows that end at or before this (ms) belong to an earlier lineage, or to none. */
  readonly ownsAfter: number;
  /** End of the last window that was run, ms. */
  readonly lastRunEnd: number;
  /** End of the latest window whose run was begun, ms: published before its state is read. */
  readonly closingEnd: number;
  /**
   * Windows that end before this (ms) are never run again: their state may have been deleted. It never goes back, though the watermark can,
   * when a partition that was read to its end gets events again.
   */
  readonly windowsKeptFrom: number;
  /** Ends [from, to), ms, of windows that are not this lineage's though they lie between its bounds: it was replaced then, and came back. */
  readonly notOwned: readonly (readonly [number, number])[];
  /** Since when every process counts events for it, ms: windows that began before are marked incomplete. */
  readonly countedSince: number;
  /** Since when the next window waits for partitions to be read, ms; 0: it does not wait. */
  readonly waitingSince: number;
  readonly frequencyMs: number;
  readonly periodMs: number;
  /** Windows that end at or after this (ms) belong to another lineage, or to none; 0: this lineage is the one in force. */
  readonly ownsUntil: number;
  /** The lineage that owns the windows from `ownsUntil` on; empty: this one is in force, or the rule was removed. */
  readonly successor: string;
  /** When a flush last worked on the rule, ms: who was served last stands last in line. */
  readonly servedAt?: number;
  /** Runs of its next window that were begun one after the other and came to no end. */
  readonly tries?: number;
  /** The same of its next correction. */
  readonly correctionTries?: number;
  /** End of the last window that was corrected, ms: the next correction goes on behind it. */
  readonly correctedTo?: number;
  readonly etag?: string;
}

/** Names a cursor. */
export type CursorKey = Pick<RuleCursor, 'ruleId' | 'lineage'>;

const PREFIX = 'cursor.';
export const cursorPartition = (ruleId: string): string => `rule.${ruleId}`;
const rowOf = (lineage: string): string => `${PREFIX}${lineage}`;

export async function readCursor(
  store: EntityStore,
  table: string,
  { ruleId, lineage }: CursorKey,
): Promise<RuleCursor | undefined> {
  const entity = await store.get(table, cursorPartition(ruleId), rowOf(lineage));
  return entity && toCursor(entity);
}

/**
 * Row key of the set of a rule's cursors. Every transaction that begins a lineage rewrites it, so that of two flushes which do so at the same
 * time one fails. It stays when all cursors are deleted: a flush that was held up since it read the set then fails as well.
 */
const SET = 'cursor';

/** Every cursor of every rule, and the ETag of each rule's set of them, by rule id. */
export async function readCursorSets(
  store: EntityStore,
  table: string,
): Promise<{ cursors: RuleCursor[]; sets: Map<string, string> }> {
  const cursors: RuleCursor[] = [];
  const sets = new Map<string, string>();
  // The row of the set sorts before those of its cursors, so it is read first: a change in between makes the write fail.
  const range = { partitionFrom: 'rule.', partitionTo: 'rule/', rowFrom: SET, rowTo: 'cursor/' };
  for await (const page of store.query(table, range))
    for (const entity of page)
      if (entity.rowKey === SET) sets.set(String(entity.properties.rule), entity.etag);
      else cursors.push(toCursor(entity));
  return { cursors, sets };
}

/** Every cursor of every rule. */
export const readCursors = async (store: EntityStore, table: string): Promise<RuleCursor[]> =>
  (await readCursorSets(store, table)).cursors;

/** Whether a lineage owns the window that ends at `end` (ms), whether it has run or not. */
export const owns = (
  { ownsAfter, ownsUntil, notOwned }: Pick<RuleCursor, 'ownsAfter' | 'ownsUntil' | 'notOwned'>,
  end: number,
): boolean =>
  end > ownsAfter && (ownsUntil === 0 || end < ownsUntil) && !notOwned.some(([from, to]) => end >= from && end < to);

/** Writes a cursor over the one that was read. undefined: another flush has changed it since, and this one must stop. */
export async function writeCursor(
  store: EntityStore,
  table: string,
  cursor: RuleCursor,
): Promise<RuleCursor | undefined> {
  const [etag] = (await transact(store, table, cursor.ruleId, [write(rowOf(cursor.lineage), cursor)])) ?? [];
  return etag === undefined ? undefined : { ...cursor, etag };
}

/**
 * Writes cursors of one rule, all or none. `set`: the ETag of the set as it was read, undefined where there was none. Returns false, and
 * writes nothing, where another flush has changed the set or one of the cursors since.
 */
export async function writeCursors(
  store: EntityStore,
  table: string,
  cursors: readonly RuleCursor[],
  set: string | undefined,
): Promise<boolean> {
  const { ruleId } = cursors[0]!;
  const operations = cursors.map((cursor) => write(rowOf(cursor.lineage), cursor));
  const properties = { rule: ruleId };
  const written = await transact(store, table, ruleId, [
    ...operations,
    set === undefined
      ? { kind: 'create', rowKey: SET, properties }
      : { kind: 'replace', rowKey: SET, properties, ifMatch: set },
  ]);
  return written !== undefined;
}

function write(rowKey: string, cursor: RuleCursor): Operation {
  const { etag } = cursor;
  const properties = toProperties(cursor);
  return etag === undefined
    ? { kind: 'create', rowKey, properties }
    : { kind: 'replace', rowKey, properties, ifMatch: etag };
}

/** undefined: an entity has changed since it was read, and nothing was written. */
async function transact(store: EntityStore, table: string, ruleId: string, operations: readonly Operation[]) {
  try {
    return await store.transact(table, cursorPartition(ruleId), operations);
  } catch (error) {
    if (isConflict(error)) return undefined;
    throw error;
  }
}

/** Whether a lineage that was replaced or removed has run every window that it owns. */
export const isDrained = ({ lastRunEnd, frequencyMs, ownsUntil }: RuleCursor): boolean =>
  ownsUntil !== 0 && lastRunEnd + frequencyMs >= ownsUntil;

/** Whether the state of a lineage that has run all its windows is being deleted. */
export const isForgotten = ({ windowsKeptFrom, ownsUntil }: RuleCursor): boolean =>
  ownsUntil !== 0 && windowsKeptFrom > ownsUntil;

/** Deletes the cursor of a lineage that is over; one that has changed since it was read stays. */
export async function deleteCursor(
  store: EntityStore,
  table: string,
  { ruleId, lineage, etag }: RuleCursor,
): Promise<void> {
  try {
    await store.transact(table, cursorPartition(ruleId), [
      { kind: 'delete', rowKey: rowOf(lineage), ifMatch: etag ?? '*' },
    ]);
  } catch (error) {
    if (!isConflict(error)) throw error;
  }
}

/** The properties of a cursor's entity. Their names are older than those in the code and stay: deployed apps have stored them. */
function toProperties(cursor: RuleCursor): Properties {
  return {
    rule: cursor.ruleId,
    after: cursor.ownsAfter,
    until: cursor.ownsUntil,
    gaps: JSON.stringify(cursor.notOwned),
    next: cursor.successor,
    last: cursor.lastRunEnd,
    closing: cursor.closingEnd,
    kept: cursor.windowsKeptFrom,
    since: cursor.countedSince,
    waiting: cursor.waitingSince,
    frequency: cursor.frequencyMs,
    period: cursor.periodMs,
    ...(cursor.servedAt ? { served: cursor.servedAt } : {}),
    ...(cursor.tries ? { tries: cursor.tries } : {}),
    ...(cursor.correctionTries ? { lateTries: cursor.correctionTries } : {}),
    ...(cursor.correctedTo ? { corrected: cursor.correctedTo } : {}),
  };
}

/** The cursor of an entity; see `toProperties`. */
export function toCursor({ rowKey, properties, etag }: StoredEntity): RuleCursor {
  const { rule, after, last, closing, kept, gaps, since, waiting, frequency, period, until, next } = properties;
  const { served, tries, lateTries, corrected } = properties;
  return {
    ruleId: String(rule),
    lineage: rowKey.slice(PREFIX.length),
    ownsAfter: Number(after),
    lastRunEnd: Number(last),
    closingEnd: Number(closing),
    windowsKeptFrom: Number(kept ?? 0),
    notOwned: gapsOf(gaps),
    countedSince: Number(since),
    waitingSince: Number(waiting),
    frequencyMs: Number(frequency),
    periodMs: Number(period),
    ownsUntil: Number(until),
    successor: String(next),
    servedAt: Number(served ?? 0),
    tries: Number(tries ?? 0),
    correctionTries: Number(lateTries ?? 0),
    correctedTo: Number(corrected ?? 0),
    etag,
  };
}

/** Gaps that cannot be read are none: a damaged cursor must not keep other rules from running, nor its own. */
function gapsOf(stored: PropertyValue | undefined): [number, number][] {
  try {
    return JSON.parse(String(stored ?? '[]')) as [number, number][];
  } catch {
    return [];
  }
}
