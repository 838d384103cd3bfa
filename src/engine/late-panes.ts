import { isConflict } from '../state/errors';
import { inParallel } from '../state/in-parallel';
import { decodeTime, encodeTime } from '../state/keys';
import { type EntityStore, partitionRange } from '../state/store';
import { MOST_REQUESTS } from './most-requests';
import { type CursorKey, owns, type RuleCursor, readCursor } from './rule-cursor';
import type { EngineOptions } from './types';

/** The note of a pane that got rows after a window over it had begun to run. */
export interface LatePane {
  readonly paneStart: number;
  readonly etag: string;
}

/** Panes of a rule's state that a batch has rows in, whether new or delivered again. */
export interface TouchedPanes {
  readonly key: CursorKey;
  readonly paneMs: number;
  readonly panes: Set<number>;
}

const partition = (lineage: string): string => `late.${lineage}`;

/**
 * Leaves a note for every pane that a window has read or may be reading now, so that a flush runs those windows again. Must be called after
 * the rows are durable. Each write gives the note a new ETag: a flush that read the note before cannot delete it.
 *
 * @returns by rule id, panes whose windows have all run and are looked at no more: nothing that comes into them is said. So it is for an hour
 *   or a day after the lateness bound was raised, as state was kept for the smaller one until then
 */
export async function noteLatePanes(
  { store, tables, mode }: Pick<EngineOptions, 'store' | 'tables' | 'mode'>,
  touched: Iterable<TouchedPanes>,
): Promise<Map<string, Set<number>>> {
  const over = new Map<string, Set<number>>();
  const alive = new Map<string, Set<number>>();
  const add = (to: Map<string, Set<number>>, ruleId: string, pane: number): void => {
    to.set(ruleId, (to.get(ruleId) ?? new Set<number>()).add(pane));
  };
  await inParallel([...touched], MOST_REQUESTS, async ({ key, paneMs, panes }) => {
    const cursor = mode === 'replay' ? undefined : await readCursor(store, tables.control, key);
    const closing = mode === 'replay' ? Number.POSITIVE_INFINITY : (cursor?.closingEnd ?? Number.NEGATIVE_INFINITY);
    const late = [...panes].filter((pane) => pane + paneMs <= closing);
    await writeLatePanes({ store, tables }, key.lineage, late);
    for (const pane of cursor ? late : []) {
      const last = lastOwned(cursor!, pane, paneMs);
      if (last !== undefined) add(last < cursor!.windowsKeptFrom ? over : alive, key.ruleId, pane);
    }
  });
  // Another lineage of the rule may own a window over the same time.
  for (const [ruleId, panes] of alive) for (const pane of panes) over.get(ruleId)?.delete(pane);
  return over;
}

/** End of the last window over a pane that is the cursor's own, ms. */
function lastOwned(cursor: RuleCursor, pane: number, paneMs: number): number | undefined {
  const { frequencyMs, periodMs } = cursor;
  for (let end = Math.floor((pane + periodMs) / frequencyMs) * frequencyMs; end >= pane + paneMs; end -= frequencyMs)
    if (owns(cursor, end)) return end;
  return undefined;
}

/** Writes notes for panes of a lineage, by their start (ms). */
export async function writeLatePanes(
  { store, tables }: Pick<EngineOptions, 'store' | 'tables'>,
  lineage: string,
  panes: readonly number[],
): Promise<void> {
  for (let i = 0; i < panes.length; i += 100) {
    await store.transact(
      tables.control,
      partition(lineage),
      panes.slice(i, i + 100).map((pane) => ({ kind: 'upsert', rowKey: encodeTime(pane), properties: { pane } })),
    );
  }
}

/** The notes of a rule, oldest first. */
export async function readLatePanes(
  store: EntityStore,
  table: string,
  lineage: string,
  limit: number,
): Promise<LatePane[]> {
  const notes: LatePane[] = [];
  for await (const page of store.query(table, partitionRange(partition(lineage)))) {
    for (const entity of page) notes.push({ paneStart: decodeTime(entity.rowKey), etag: entity.etag });
    if (notes.length >= limit) break;
  }
  return notes.slice(0, limit);
}

/** Deletes a note, unless it was written again since it was read. */
export async function clearLatePane(store: EntityStore, table: string, lineage: string, note: LatePane): Promise<void> {
  try {
    await store.transact(table, partition(lineage), [
      { kind: 'delete', rowKey: encodeTime(note.paneStart), ifMatch: note.etag },
    ]);
  } catch (error) {
    if (!isConflict(error)) throw error;
  }
}

/** Counts the notes of all rules, up to `limit`. */
export async function countLatePanes(store: EntityStore, table: string, limit: number): Promise<number> {
  let count = 0;
  const range = { partitionFrom: 'late.', partitionTo: 'late/', select: ['none'] };
  for await (const page of store.query(table, range, Math.min(1000, limit))) {
    count += page.length;
    if (count >= limit) break;
  }
  return Math.min(count, limit);
}
