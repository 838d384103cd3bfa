import { expireState } from '../state/expire';
import { paneRange } from '../state/keys';
import { readLatePanes } from './late-panes';
import {
  deleteCursor,
  isDrained,
  isForgotten,
  type RuleCursor,
  readCursor,
  readCursors,
  writeCursor,
} from './rule-cursor';
import type { EngineLeg, EngineRule, RuleSet } from './rules';
import { deletePlan } from './stored-plans';
import type { EngineOptions } from './types';

const EARLIEST = Date.UTC(1970, 0, 1);
/** `windowsKeptFrom` of a cursor whose state is being deleted: no window is kept. */
const FORGOTTEN = Date.UTC(9000, 0, 1);

/**
 * Deletes state that no window reads any more, and the plans and cursors of lineages that own no further window and whose last one can no
 * longer get late events. At most `maxExpiredPerFlush` entities a call. What may be deleted is decided by the windows that have run and by
 * the watermark, not by the time: after an outage, events that still wait in the hub find the state that they correct.
 *
 * @returns how many entities were deleted; `maxExpiredPerFlush` where more may be left
 */
export async function expireOld(
  options: EngineOptions,
  rules: RuleSet,
  { now, watermark, turn }: ExpiryTime,
): Promise<number> {
  const { store, tables, maxLateMs, maxAheadMs, maxExpiredPerFlush } = options;
  const cursors = new Map((await readCursors(store, tables.control)).map((cursor) => [cursor.lineage, cursor]));
  // No event counted so far can lie beyond. State beyond it belongs to a rule that was deployed again while this call was held up, and stays;
  // the windows before it are marked incomplete.
  const latest = now + maxAheadMs;
  let left = maxExpiredPerFlush;
  // A leg or rule with more to delete than a call does must not be the first every time.
  for (const leg of turned(rules.legs, turn)) {
    if (left <= 0) break;
    const range = paneRange(leg.runner.leg.hash, EARLIEST, Math.min(latest, keptFrom(leg, cursors, now, maxLateMs)));
    left -= await expireState(store, tables.state, range, left);
  }
  const gone = new Set<EngineRule>();
  for (const rule of turned(rules.rules, turn)) {
    const found = cursors.get(rule.lineage);
    if (left <= 0 || !found || !isOver(found, Math.min(now, watermark), maxLateMs)) continue;
    if (isAskedFor(found, cursors.values())) continue;
    // All that was read up to there has left its notes: while one is left, a window is to be corrected from the state.
    if ((await readLatePanes(store, tables.control, found.lineage, 1)).length > 0) continue;
    // Written before anything is deleted. A plan that is deployed again meanwhile either sees this, and begins anew, or changes the cursor
    // first, so that this write fails and nothing is deleted.
    const cursor = isForgotten(found)
      ? found
      : await writeCursor(store, tables.control, { ...found, windowsKeptFrom: FORGOTTEN });
    if (!cursor) continue;
    for (const leg of rule.legs) {
      if (leg.rules.some((other) => other !== rule && !gone.has(other))) continue;
      left -= await expireState(
        store,
        tables.state,
        paneRange(leg.runner.leg.hash, EARLIEST, latest),
        Math.max(0, left),
      );
    }
    if (left <= 0) break;
    // The plan may have been deployed again meanwhile. If that happens after this check, the plan is deleted and the next activation writes
    // it again.
    if ((await readCursor(store, tables.control, cursor))?.etag !== cursor.etag) continue;
    await deletePlan(store, tables.control, cursor.lineage);
    await deleteCursor(store, tables.control, cursor);
    gone.add(rule);
  }
  // Cursors whose plan was deleted by a call that was killed before it deleted the cursor.
  const known = new Set(rules.rules.map(({ lineage }) => lineage));
  for (const cursor of cursors.values())
    if (
      !known.has(cursor.lineage) &&
      isOver(cursor, Math.min(now, watermark), maxLateMs) &&
      !isAskedFor(cursor, cursors.values())
    )
      await deleteCursor(store, tables.control, cursor);
  return maxExpiredPerFlush - left;
}

export interface ExpiryTime {
  /** ms. */
  readonly now: number;
  /** The enqueued time (ms) up to which all partitions were read before `now`. */
  readonly watermark: number;
  /** Another one at every call: where in the lists to begin. */
  readonly turn: number;
}

/** The list begun somewhere else at every turn. */
function turned<T>(list: readonly T[], turn: number): T[] {
  const from = list.length === 0 ? 0 : turn % list.length;
  return [...list.slice(from), ...list.slice(0, from)];
}

const isOver = (cursor: RuleCursor, watermark: number, maxLateMs: number): boolean =>
  isDrained(cursor) && watermark > cursor.ownsUntil + maxLateMs;

/**
 * Whether a lineage of the same rule from before it still runs its last windows: should its plan be deployed again, it is to leave those to this
 * one that this one has run.
 */
function isAskedFor({ ruleId, lineage, ownsUntil }: RuleCursor, all: Iterable<RuleCursor>): boolean {
  for (const other of all)
    if (other.ruleId === ruleId && other.lineage !== lineage && other.ownsUntil < ownsUntil)
      if (other.ownsUntil !== 0 && !isDrained(other)) return true;
  return false;
}

/** Panes of a leg that start before this (ms) are deleted: no window of its rules reads them any more. */
export function keptFrom(
  leg: EngineLeg,
  cursors: ReadonlyMap<string, RuleCursor>,
  now: number,
  maxLateMs: number,
): number {
  const oldest = leg.rules.map(
    ({ plan, lineage }) => (cursors.get(lineage)?.windowsKeptFrom ?? now - maxLateMs) - plan.schedule.periodMs,
  );
  return Math.min(...oldest) - leg.runner.paneMs;
}
