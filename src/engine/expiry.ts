import { expireState } from '../state/expire';
import { inParallel } from '../state/in-parallel';
import { paneRange } from '../state/keys';
import { whichHold } from './held-state';
import { readLatePanes } from './late-notes';
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

/** Legs whose state is deleted at the same time. */
const PARALLEL = 8;
/** Entities of a leg that are deleted before it is asked whether there is time for more. */
const STEP = 500;

/**
 * Deletes state that no window reads any more, and the plans and cursors of lineages that own no further window and whose last one can no
 * longer get late events. At most `limit` entities a call. What may be deleted is decided by the windows that have run and by the watermark,
 * not by the time: after an outage, events that still wait in the hub find the state that they correct.
 *
 * @returns how many entities were deleted, and whether more may be left
 */
export async function expireOld(
  options: Pick<EngineOptions, 'store' | 'tables' | 'maxLateMs' | 'maxAheadMs'>,
  rules: RuleSet,
  { now, watermark, turn, limit, goOn }: ExpiryTime,
): Promise<{ deleted: number; more: boolean }> {
  const { store, tables, maxLateMs, maxAheadMs } = options;
  const cursors = new Map((await readCursors(store, tables.control)).map((cursor) => [cursor.lineage, cursor]));
  // No event counted so far can lie beyond. State beyond it belongs to a rule that was deployed again while this call was held up, and stays;
  // the windows before it are marked incomplete.
  const latest = now + maxAheadMs;
  let left = limit;
  const expired = rules.legs.map((leg) =>
    paneRange(leg.runner.leg.hash, EARLIEST, Math.min(latest, keptFrom(leg, cursors, now, maxLateMs))),
  );
  const holds = await whichHold(store, tables.state, expired);
  // A leg or rule with more to delete than a call does must not be the first every time.
  const full = turned(
    expired.filter((_, i) => holds[i]),
    turn,
  );
  let isCut = false;
  await inParallel(full, PARALLEL, async (range) => {
    for (let found = STEP; found >= STEP; ) {
      const most = Math.min(STEP, left);
      if (most <= 0 || !goOn()) {
        isCut = true;
        return;
      }
      // Taken before others take theirs.
      left -= most;
      found = await expireState(store, tables.state, range, most);
      left += most - found;
    }
  });
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
  return { deleted: limit - left, more: isCut || left <= 0 };
}

export interface ExpiryTime {
  /** ms. */
  readonly now: number;
  /** The enqueued time (ms) up to which all partitions were read before `now`. */
  readonly watermark: number;
  /** Another one at every call: where in the lists to begin. */
  readonly turn: number;
  /** Entities. */
  readonly limit: number;
  /** Whether there is time for more. */
  goOn(): boolean;
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
