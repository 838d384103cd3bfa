import { isConflict } from '../state/errors';
import type { Entity, EntityStore } from '../state/store';

/**
 * How far the windows of a rule have run under one lineage of plans. A lineage is all plans of a rule with the same state and schedule; an
 * edit that changes the state begins another.
 */
export interface RuleCursor {
  readonly ruleId: string;
  readonly lineage: string;
  /** Windows that end at or before this (ms) belong to an earlier lineage, or to none. */
  readonly after: number;
  /** End of the last window that was run, ms. */
  readonly last: number;
  /** End of the window that is being run, or was last: published before its state is read. */
  readonly closing: number;
  /**
   * Windows that end before this (ms) are not looked at again: their state may be gone. It never goes back, as the progress does where a
   * partition that was idle is read no further.
   */
  readonly kept: number;
  /** Windows that end in [from, to), ms, which other lineages judged, or none, before this one came back. */
  readonly gaps: readonly (readonly [number, number])[];
  /** Since when events are counted, ms: windows that began before are incomplete. */
  readonly since: number;
  /** Since when the next window waits for partitions to be read, ms; 0: it does not. */
  readonly waitingSince: number;
  readonly frequencyMs: number;
  readonly periodMs: number;
  /** Windows that end at or after this (ms) belong to the next lineage; 0: to this one. */
  readonly until: number;
  /** The lineage that follows; empty: none, the rule was removed. */
  readonly next: string;
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

/** Every cursor of every rule. */
export async function readCursors(store: EntityStore, table: string): Promise<RuleCursor[]> {
  const cursors: RuleCursor[] = [];
  const range = { partitionFrom: 'rule.', partitionTo: 'rule/', rowFrom: PREFIX, rowTo: 'cursor/' };
  for await (const page of store.query(table, range)) cursors.push(...page.map(toCursor));
  return cursors;
}

/** Whether a window belongs to the lineage, whether it has run or not. `end`: ms. */
export const owns = ({ after, until, gaps }: Pick<RuleCursor, 'after' | 'until' | 'gaps'>, end: number): boolean =>
  end > after && (until === 0 || end < until) && !gaps.some(([from, to]) => end >= from && end < to);

/** Writes a cursor over the one that was read. undefined: another flush was faster, and goes on from there. */
export async function writeCursor(
  store: EntityStore,
  table: string,
  cursor: RuleCursor,
): Promise<RuleCursor | undefined> {
  const written = await writeCursors(store, table, [cursor]);
  return written && { ...cursor, etag: written[0] };
}

/** Writes cursors of one rule, all or none. Returns their ETags, or undefined where one is not the one that was read. */
export async function writeCursors(
  store: EntityStore,
  table: string,
  cursors: readonly RuleCursor[],
): Promise<readonly (string | undefined)[] | undefined> {
  const operations = cursors.map((cursor) => {
    const { lineage, etag, gaps, ruleId: rule, waitingSince: waiting, ...rest } = cursor;
    const { frequencyMs: frequency, periodMs: period, ...fields } = rest;
    const properties = { rule, waiting, frequency, period, gaps: JSON.stringify(gaps), ...fields };
    const rowKey = rowOf(lineage);
    return etag === undefined
      ? ({ kind: 'create', rowKey, properties } as const)
      : ({ kind: 'replace', rowKey, properties, ifMatch: etag } as const);
  });
  try {
    return await store.transact(table, rulePartition(cursors[0]!.ruleId), operations);
  } catch (error) {
    if (isConflict(error)) return undefined;
    throw error;
  }
}

/** Whether a cursor has run every window that is its own. */
export const isDrained = ({ last, frequencyMs, until }: RuleCursor): boolean =>
  until !== 0 && last + frequencyMs >= until;

/** Whether the state of a cursor whose windows have all run is being deleted. */
export const isForgotten = ({ kept, until }: RuleCursor): boolean => until !== 0 && kept > until;

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

/** A cursor as it is stored. */
export function toCursor({ rowKey, properties, etag }: Entity): RuleCursor {
  const { rule, after, last, closing, kept, gaps, since, waiting, frequency, period, until, next } = properties;
  return {
    ruleId: String(rule),
    lineage: rowKey.slice(PREFIX.length),
    after: Number(after),
    last: Number(last),
    closing: Number(closing),
    kept: Number(kept ?? 0),
    gaps: JSON.parse(String(gaps ?? '[]')) as [number, number][],
    since: Number(since),
    waitingSince: Number(waiting),
    frequencyMs: Number(frequency),
    periodMs: Number(period),
    until: Number(until),
    next: String(next),
    etag,
  };
}
