import { createHash } from 'node:crypto';
import { graceOf } from '../plan/grace';
import type { RulePlan } from '../plan/rule-plan';
import { isDrained, isForgotten, type RuleCursor, readCursorSets, writeCursor, writeCursors } from './rule-cursor';
import { storedPlanHashes, writePlan } from './stored-plans';
import type { EngineOptions } from './types';

/** After so long, ms, every process that evaluates has read the new plans: events that come later are counted for all of them. */
export const SPREAD_MS = 600_000;

/** A transaction holds 100 entities; one of them is the row of the set. */
const MOST_CURSORS = 99;

/** The lineage of a plan: the same for all plans of a rule that keep the same state on the same schedule. */
export const lineageOf = ({ rule, schedule, stream }: RulePlan): string =>
  createHash('sha256')
    .update(JSON.stringify([rule.id, schedule, stream.paneMs, stream.legs.map((leg) => leg.hash)]))
    .digest('hex')
    .slice(0, 24);

/**
 * Puts the deployed plans in force: decides which windows belong to which lineage. A plan with the lineage of the one before it takes its
 * place at once. A plan of another lineage runs beside the old one: the old one keeps the windows that the new one could not have seen
 * whole, the new one takes those after them, so every window has one owner. A rule that is no longer deployed keeps the window that is open
 * and no later one. A call that is killed anywhere is completed by the next. Returns false where it has to be called again.
 */
export async function activatePlans(
  options: EngineOptions,
  { plans, isDeployed }: { readonly plans: readonly RulePlan[]; readonly isDeployed: () => Promise<boolean> },
  now: number,
): Promise<boolean> {
  const { store, tables, log } = options;
  const { cursors, sets } = await readCursorSets(store, tables.control);
  if (!(await isDeployed())) return false;
  const deployed = new Set(plans.map((plan) => plan.rule.id));
  const hashes = await storedPlanHashes(store, tables.control);
  let isDone = true;
  for (const plan of plans) {
    const lineage = lineageOf(plan);
    if (hashes.get(lineage) !== plan.hash) await writePlan(store, tables.control, lineage, plan);
    const own = cursors.filter((cursor) => cursor.ruleId === plan.rule.id);
    const set = sets.get(plan.rule.id);
    isDone =
      (await activate(options, plan, lineage, { cursors: own, set }, graceOf(plan, options.graceMs), now)) && isDone;
  }
  for (const cursor of cursors) {
    if (deployed.has(cursor.ruleId) || cursor.ownsUntil !== 0) continue;
    const ownsUntil = Math.ceil(now / cursor.frequencyMs) * cursor.frequencyMs + 1;
    isDone =
      (await writeCursor(store, tables.control, { ...cursor, ownsUntil, successor: '' })) !== undefined && isDone;
    log({
      level: 'info',
      message: 'rule removed',
      rule: cursor.ruleId,
      lastWindow: new Date(ownsUntil - 1).toISOString(),
    });
  }
  return isDone;
}

async function activate(
  { store, tables, maxAheadMs, log }: EngineOptions,
  plan: RulePlan,
  lineage: string,
  { cursors, set }: { readonly cursors: readonly RuleCursor[]; readonly set: string | undefined },
  grace: number,
  now: number,
): Promise<boolean> {
  const { frequencyMs, periodMs } = plan.schedule;
  const own = cursors.find((cursor) => cursor.lineage === lineage);
  const open = cursors.find((cursor) => cursor.ownsUntil === 0);
  if (own && own === open) return true;
  // All cursors of the rule are written in one transaction. It fails where another flush has changed any of them, or their set, since they
  // were read; the next flush then decides anew.
  const write = async (...changed: readonly RuleCursor[]): Promise<boolean> => {
    const rest = cursors.filter((cursor) => changed.every((other) => other.lineage !== cursor.lineage));
    return writeCursors(store, tables.control, [...changed, ...rest].slice(0, MOST_CURSORS), set);
  };
  if (own && !isDrained(own)) {
    // A plan that is still running its last windows is deployed again. It keeps going, if its successor has run no window yet, early alerts
    // included, and cannot have begun one meanwhile. Otherwise it must run out first, and is begun again by a later call.
    const hasFollowed = cursors.some(
      ({ ownsAfter, ownsUntil, frequencyMs: step }) => ownsUntil > own.ownsUntil && ownsUntil > ownsAfter + step,
    );
    const mayHaveBegun =
      open && Math.max(open.lastRunEnd, open.closingEnd, now + SPREAD_MS + open.frequencyMs) >= own.ownsUntil;
    if (hasFollowed || mayHaveBegun) return false;
    const replaced = open ? [{ ...open, ownsUntil: open.lastRunEnd + 1, successor: lineage }] : [];
    return write({ ...own, ownsUntil: 0, successor: '' }, ...replaced);
  }
  const fresh = {
    ruleId: plan.rule.id,
    lineage,
    closingEnd: 0,
    windowsKeptFrom: 0,
    notOwned: [],
    waitingSince: 0,
    frequencyMs,
    periodMs,
    ownsUntil: 0,
    successor: '',
  };
  // A lineage that comes back before its state was deleted has been counted without a pause. It still owns the windows that it ran, so that
  // late events correct them; those that others ran meanwhile become exceptions.
  const begin = (lastRunEnd: number, countedSince: number, ...others: readonly RuleCursor[]): Promise<boolean> => {
    if (!own || isForgotten(own))
      return write({ ...fresh, ownsAfter: lastRunEnd, lastRunEnd, countedSince, etag: own?.etag }, ...others);
    const notOwned = [...own.notOwned, [own.ownsUntil, lastRunEnd + 1] as const].filter(
      ([, to]) => to > own.windowsKeptFrom,
    );
    return write({ ...own, lastRunEnd, ownsUntil: 0, successor: '', waitingSince: 0, notOwned }, ...others);
  };
  if (open) {
    // Events that arrive before all processes know the new plan are counted for the old one alone. Stamped ahead as far as is allowed, such
    // an event belongs to windows up to `from`: all of these stay with the old plan.
    const from = Math.max(now + SPREAD_MS + maxAheadMs + open.periodMs, open.lastRunEnd + 1);
    const last = Math.floor((from - 1) / frequencyMs) * frequencyMs;
    if (!(await begin(last, now + SPREAD_MS + maxAheadMs, { ...open, ownsUntil: from, successor: lineage })))
      return false;
    log({ level: 'info', message: 'rule changed', rule: plan.rule.id, takesOver: new Date(from).toISOString() });
    return true;
  }
  // A new rule first runs the last window that ended before it was deployed. One that was there before, under other plans, goes on after
  // the windows that they own.
  const last = (Math.floor((now - grace) / frequencyMs) - 1) * frequencyMs;
  const taken = Math.floor((Math.max(0, ...cursors.map((cursor) => cursor.ownsUntil)) - 1) / frequencyMs) * frequencyMs;
  return begin(Math.max(last, taken), now + SPREAD_MS + maxAheadMs);
}
