import { isConflict } from '../state/errors';
import type { EntityStore, Operation, Properties, StoredEntity } from '../state/store';

/**
 * How far the windows of a rule have run under one lineage of plans. A lineage is all plans of a rule with the same state and schedule; an
 * edit that changes the state begins another.
 */
export interface RuleCursor {
  readonly ruleId: string;
  readonly lineage: string;
  /** Windows that end at or before this (ms) belong to an earlier lineage, or to none. */
  readonly ownsAfter: number;
  /** End of the last window that was run, ms. */
  readonly lastRunEnd: number;
  /** End of the window that is being run, or was last: published before its state is read. */
  readonly closingEnd: number;
  /**
   * Windows that end before this (ms) are not looked at again: their state may be gone. It never goes back, as the progress does where a
   * partition that was idle is read no further.
   */
  readonly windowsKeptFrom: number;
  /** Windows that end in [from, to), ms, which other lineages judged, or none, before this one came back. */
  readonly notOwned: readonly (readonly [number, number])[];
  /** Since when events are counted, ms: windows that began before are incomplete. */
  readonly countedSince: number;
  /** Since when the next window waits for partitions to be read, ms; 0: it does not. */
  readonly waitingSince: number;
  readonly frequencyMs: number;
  readonly periodMs: number;
  /** Windows that end at or after this (ms) belong to the next lineage; 0: to this one. */
  readonly ownsUntil: number;
  /** The lineage that follows; empty: none, the rule was removed. */
  readonly successor: string;
  readonly etag?: string;
}

/** Names a cursor. */
export type CursorKey = Pick<RuleCursor, 'ruleId' | 'lineage'>;

const PREFIX = 'cursor.';
export const rulePartition = (ruleId: string): string => `rule.${ruleId}`;
const rowOf = (lineage: string): string => `${PREFIX}${lineage}`;

export async function readCursor(
  store: EntityStore,
  table: string,
  { ruleId, lineage }: CursorKey,
): Promise<RuleCursor | undefined> {
  const entity = await store.get(table, rulePartition(ruleId), rowOf(lineage));
  return entity && toCursor(entity);
}

/**
 * What the cursors of a rule have in common: a row whose ETag changes whenever the rule gets another lineage. It stays when all cursors of the
 * rule are gone, so that a flush which read that there are none, long ago, begins nothing.
 */
const SET = 'cursor';

/** Every cursor of every rule, and the ETag of each rule's set of them, by rule id. */
export async function readCursorSets(
  store: EntityStore,
  table: string,
): Promise<{ cursors: RuleCursor[]; sets: Map<string, string> }> {
  const cursors: RuleCursor[] = [];
  const sets = new Map<string, string>();
  // The set is read before its cursors: its row comes first.
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

/** Whether a window belongs to the lineage, whether it has run or not. `end`: ms. */
export const owns = (
  { ownsAfter, ownsUntil, notOwned }: Pick<RuleCursor, 'ownsAfter' | 'ownsUntil' | 'notOwned'>,
  end: number,
): boolean =>
  end > ownsAfter && (ownsUntil === 0 || end < ownsUntil) && !notOwned.some(([from, to]) => end >= from && end < to);

/** Writes a cursor over the one that was read. undefined: another flush was faster, and goes on from there. */
export async function writeCursor(
  store: EntityStore,
  table: string,
  cursor: RuleCursor,
): Promise<RuleCursor | undefined> {
  const [etag] = (await transact(store, table, cursor.ruleId, [write(rowOf(cursor.lineage), cursor)])) ?? [];
  return etag === undefined ? undefined : { ...cursor, etag };
}

/**
 * Writes cursors of one rule, all or none, where its set of them is still the one that was read. `set`: its ETag, undefined where there was
 * none. Returns whether they were written; where not, another flush was faster.
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

/** undefined: something is not as it was read. */
async function transact(store: EntityStore, table: string, ruleId: string, operations: readonly Operation[]) {
  try {
    return await store.transact(table, rulePartition(ruleId), operations);
  } catch (error) {
    if (isConflict(error)) return undefined;
    throw error;
  }
}

/** Whether a cursor has run every window that is its own. */
export const isDrained = ({ lastRunEnd, frequencyMs, ownsUntil }: RuleCursor): boolean =>
  ownsUntil !== 0 && lastRunEnd + frequencyMs >= ownsUntil;

/** Whether the state of a cursor whose windows have all run is being deleted. */
export const isForgotten = ({ windowsKeptFrom, ownsUntil }: RuleCursor): boolean =>
  ownsUntil !== 0 && windowsKeptFrom > ownsUntil;

/** Forgets a cursor whose windows have all run. */
export async function deleteCursor(
  store: EntityStore,
  table: string,
  { ruleId, lineage, etag }: RuleCursor,
): Promise<void> {
  try {
    await store.transact(table, rulePartition(ruleId), [
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
  };
}

/** The cursor of an entity; see `toProperties`. */
export function toCursor({ rowKey, properties, etag }: StoredEntity): RuleCursor {
  const { rule, after, last, closing, kept, gaps, since, waiting, frequency, period, until, next } = properties;
  return {
    ruleId: String(rule),
    lineage: rowKey.slice(PREFIX.length),
    ownsAfter: Number(after),
    lastRunEnd: Number(last),
    closingEnd: Number(closing),
    windowsKeptFrom: Number(kept ?? 0),
    notOwned: JSON.parse(String(gaps ?? '[]')) as [number, number][],
    countedSince: Number(since),
    waitingSince: Number(waiting),
    frequencyMs: Number(frequency),
    periodMs: Number(period),
    ownsUntil: Number(until),
    successor: String(next),
    etag,
  };
}
