import { forgetWindows } from '../alerts/delivery/retention';
import { expireState } from '../state/expire';
import { paneRange } from '../state/keys';
import {
  deleteCursor,
  isDrained,
  isForgotten,
  type RuleCursor,
  readCursor,
  readCursors,
  writeCursor,
} from './rule-cursor';
import type { EngineLeg, RuleSet } from './rules';
import { deletePlan } from './stored-plans';
import type { EngineOptions } from './types';

const EARLIEST = Date.UTC(1970, 0, 1);
/** What a cursor says it keeps whose plan is being forgotten. */
const FORGOTTEN = Date.UTC(9000, 0, 1);

/**
 * Deletes state that no window can read any more, a bounded number of entities a call, and forgets plans whose last window closed longer
 * ago than an event may be late. What may go follows the windows that have run and what has been read, not the clock: an outage deletes
 * nothing that an event which waits in the hub may still correct. `readUpTo`: the enqueued time (ms) up to which all partitions were read
 * before `now`.
 */
export async function expireOld(options: EngineOptions, rules: RuleSet, now: number, watermark: number): Promise<void> {
  const { store, tables, maxLateMs, maxAheadMs, maxExpiredPerFlush } = options;
  const cursors = new Map((await readCursors(store, tables.control)).map((cursor) => [cursor.lineage, cursor]));
  // No event was counted beyond. A rule that comes back while this call stands still has no complete window before it.
  const latest = now + maxAheadMs;
  let left = maxExpiredPerFlush;
  for (const leg of rules.legs) {
    if (left <= 0) return;
    const range = paneRange(leg.runner.leg.hash, EARLIEST, Math.min(latest, keptFrom(leg, cursors, now, maxLateMs)));
    left -= await expireState(store, tables.state, range, left);
  }
  for (const rule of rules.rules) {
    const found = cursors.get(rule.lineage);
    if (left <= 0 || !found || !isOver(found, Math.min(now, watermark), maxLateMs)) continue;
    // Said before anything goes: a plan that comes back meanwhile begins anew, or keeps all.
    const cursor = isForgotten(found)
      ? found
      : await writeCursor(store, tables.control, { ...found, windowsKeptFrom: FORGOTTEN });
    if (!cursor) continue;
    for (const leg of rule.legs) {
      if (leg.rules.some((other) => other !== rule)) continue;
      left -= await expireState(
        store,
        tables.state,
        paneRange(leg.runner.leg.hash, EARLIEST, latest),
        Math.max(0, left),
      );
    }
    if (left <= 0) return;
    // It may have come back meanwhile. A plan that goes all the same is written again when the plans are next put in force.
    if ((await readCursor(store, tables.control, cursor))?.etag !== cursor.etag) continue;
    await deletePlan(store, tables.control, cursor.lineage);
    await deleteCursor(store, tables.control, cursor);
  }
  // What was killed between those two.
  const known = new Set(rules.rules.map(({ lineage }) => lineage));
  for (const cursor of cursors.values())
    if (!known.has(cursor.lineage) && isOver(cursor, Math.min(now, watermark), maxLateMs))
      await deleteCursor(store, tables.control, cursor);
}

/**
 * Forgets windows and alerts that ended longer ago than the outbox keeps them, delivered or not, a bounded number of entities a call.
 */
export async function forgetOldAlerts(options: EngineOptions, rules: RuleSet, now: number): Promise<void> {
  let left = options.maxExpiredPerFlush;
  const outbox = { store: options.store, table: options.tables.alerts };
  for (const { plan } of rules.rules) {
    if (left <= 0) return;
    left -= await forgetWindows(outbox, plan.rule.id, now - options.keepAlertsMs, left);
  }
}

const isOver = (cursor: RuleCursor, watermark: number, maxLateMs: number): boolean =>
  isDrained(cursor) && watermark > cursor.ownsUntil + maxLateMs;

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
