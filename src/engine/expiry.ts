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
/** What a cursor says it keeps whose plan is being forgotten. */
const FORGOTTEN = Date.UTC(9000, 0, 1);

/**
 * Deletes state that no window can read any more, a bounded number of entities a call, and forgets plans whose last window closed longer
 * ago than an event may be late. What may go follows the windows that have run and what has been read, not the clock: an outage deletes
 * nothing that an event which waits in the hub may still correct.
 *
 * @returns how many entities were deleted; `maxExpiredPerFlush` where more may be left
 */
export async function expireOld(
  options: EngineOptions,
  rules: RuleSet,
  { now, readUpTo, turn }: ExpiryTime,
): Promise<number> {
  const { store, tables, maxLateMs, maxEarlyMs, maxExpiredPerFlush } = options;
  const cursors = new Map((await readCursors(store, tables.control)).map((cursor) => [cursor.lineage, cursor]));
  // No event was counted beyond. A rule that comes back while this call stands still has no complete window before it.
  const latest = now + maxEarlyMs;
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
    if (left <= 0 || !found || !isOver(found, Math.min(now, readUpTo), maxLateMs)) continue;
    // All that was read up to there has left its notes: while one is left, a window is to be corrected from the state.
    if ((await readLatePanes(store, tables.control, found.lineage, 1)).length > 0) continue;
    // Said before anything goes: a plan that comes back meanwhile begins anew, or keeps all.
    const cursor = isForgotten(found) ? found : await writeCursor(store, tables.control, { ...found, kept: FORGOTTEN });
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
    // It may have come back meanwhile. A plan that goes all the same is written again when the plans are next put in force.
    if ((await readCursor(store, tables.control, cursor))?.etag !== cursor.etag) continue;
    await deletePlan(store, tables.control, cursor.lineage);
    await deleteCursor(store, tables.control, cursor);
    gone.add(rule);
  }
  // What was killed between those two.
  const known = new Set(rules.rules.map(({ lineage }) => lineage));
  for (const cursor of cursors.values())
    if (!known.has(cursor.lineage) && isOver(cursor, Math.min(now, readUpTo), maxLateMs))
      await deleteCursor(store, tables.control, cursor);
  return maxExpiredPerFlush - left;
}

export interface ExpiryTime {
  /** ms. */
  readonly now: number;
  /** The enqueued time (ms) up to which all partitions were read before `now`. */
  readonly readUpTo: number;
  /** Another one at every call: where in the lists to begin. */
  readonly turn: number;
}

/** The list begun somewhere else at every turn. */
function turned<T>(list: readonly T[], turn: number): T[] {
  const from = list.length === 0 ? 0 : turn % list.length;
  return [...list.slice(from), ...list.slice(0, from)];
}

const isOver = (cursor: RuleCursor, readUpTo: number, maxLateMs: number): boolean =>
  isDrained(cursor) && readUpTo > cursor.until + maxLateMs;

/** Panes of a leg that start before this (ms) are deleted: no window of its rules reads them any more. */
export function keptFrom(
  leg: EngineLeg,
  cursors: ReadonlyMap<string, RuleCursor>,
  now: number,
  maxLateMs: number,
): number {
  const oldest = leg.rules.map(
    ({ plan, lineage }) => (cursors.get(lineage)?.kept ?? now - maxLateMs) - plan.schedule.periodMs,
  );
  return Math.min(...oldest) - leg.runner.paneMs;
}
