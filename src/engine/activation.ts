import { createHash } from 'node:crypto';
import { graceOf } from '../plan/grace';
import type { RulePlan } from '../plan/rule-plan';
import { isDrained, isForgotten, type RuleCursor, readCursorSets, writeCursor, writeCursors } from './rule-cursor';
import { storedPlanHash, writePlan } from './stored-plans';
import type { EngineOptions } from './types';

/** How long until every evaluating process knows of a plan, ms: from then on its state is complete. */
export const SPREAD_MS = 600_000;

/** What a transaction has room for, beside the set. */
const MOST_CURSORS = 99;

/** The lineage of a plan: the same for all plans of a rule that keep the same state on the same schedule. */
export const lineageOf = ({ rule, schedule, stream }: RulePlan): string =>
  createHash('sha256')
    .update(JSON.stringify([rule.id, schedule, stream.paneMs, stream.legs.map((leg) => leg.hash)]))
    .digest('hex')
    .slice(0, 24);

/**
 * Makes the deployed plans the ones that future windows belong to. A plan whose state is that of the one before takes its place at once. A
 * plan with another state runs beside the old one: windows that began before it are the old one's, and it takes over where those end, so no
 * window is judged by two plans and none is left out. A rule that is gone ends with the window that is open. Killed anywhere, the next call
 * goes on. Returns false where something must be tried again.
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
  let isDone = true;
  for (const plan of plans) {
    const lineage = lineageOf(plan);
    if ((await storedPlanHash(store, tables.control, lineage)) !== plan.hash)
      await writePlan(store, tables.control, lineage, plan);
    const own = cursors.filter((cursor) => cursor.ruleId === plan.rule.id);
    const set = sets.get(plan.rule.id);
    isDone =
      (await activate(options, plan, lineage, { cursors: own, set }, graceOf(plan, options.graceMs), now)) && isDone;
  }
  for (const cursor of cursors) {
    if (deployed.has(cursor.ruleId) || cursor.until !== 0) continue;
    const until = Math.ceil(now / cursor.frequencyMs) * cursor.frequencyMs + 1;
    isDone = (await writeCursor(store, tables.control, { ...cursor, until, next: '' })) !== undefined && isDone;
    log({ level: 'info', message: 'rule removed', rule: cursor.ruleId, lastWindow: new Date(until - 1).toISOString() });
  }
  return isDone;
}

async function activate(
  { store, tables, maxEarlyMs, log }: EngineOptions,
  plan: RulePlan,
  lineage: string,
  { cursors, set }: { readonly cursors: readonly RuleCursor[]; readonly set: string | undefined },
  grace: number,
  now: number,
): Promise<boolean> {
  const { frequencyMs, periodMs } = plan.schedule;
  const own = cursors.find((cursor) => cursor.lineage === lineage);
  const open = cursors.find((cursor) => cursor.until === 0);
  if (own && own === open) return true;
  // All cursors of the rule in one transaction: whoever decides at the same time, on others, decides again.
  const write = async (...changed: readonly RuleCursor[]): Promise<boolean> => {
    const rest = cursors.filter((cursor) => changed.every((other) => other.lineage !== cursor.lineage));
    return writeCursors(store, tables.control, [...changed, ...rest].slice(0, MOST_CURSORS), set);
  };
  if (own && !isDrained(own)) {
    // Back to a plan that has windows left: the one that was to follow it has not begun, early alerts included, or this waits until it may.
    const hasFollowed = cursors.some(
      ({ after, until, frequencyMs: step }) => until > own.until && until > after + step,
    );
    const mayHaveBegun = open && Math.max(open.last, open.closing, now + SPREAD_MS + open.frequencyMs) >= own.until;
    if (hasFollowed || mayHaveBegun) return false;
    const replaced = open ? [{ ...open, until: open.last + 1, next: lineage }] : [];
    return write({ ...own, until: 0, next: '' }, ...replaced);
  }
  const fresh = {
    ruleId: plan.rule.id,
    lineage,
    closing: 0,
    kept: 0,
    gaps: [],
    waitingSince: 0,
    frequencyMs,
    periodMs,
    until: 0,
    next: '',
  };
  // One that comes back was counted all along, and keeps the windows that were its own: late events still correct them.
  const begin = (last: number, since: number, ...others: readonly RuleCursor[]): Promise<boolean> => {
    if (!own || isForgotten(own)) return write({ ...fresh, after: last, last, since, etag: own?.etag }, ...others);
    const gaps = [...own.gaps, [own.until, last + 1] as const].filter(([, to]) => to > own.kept);
    return write({ ...own, last, until: 0, next: '', waitingSince: 0, gaps }, ...others);
  };
  if (open) {
    // The old plan keeps every window that events may be in which were taken in before all processes count for the new one.
    const from = Math.max(now + SPREAD_MS + maxEarlyMs + open.periodMs, open.last + 1);
    const last = Math.floor((from - 1) / frequencyMs) * frequencyMs;
    if (!(await begin(last, now + SPREAD_MS + maxEarlyMs, { ...open, until: from, next: lineage }))) return false;
    log({ level: 'info', message: 'rule changed', rule: plan.rule.id, takesOver: new Date(from).toISOString() });
    return true;
  }
  // The first window that a new rule runs is the last that ended before it was deployed, unless it was there before under other plans.
  const last = (Math.floor((now - grace) / frequencyMs) - 1) * frequencyMs;
  const taken = Math.floor((Math.max(0, ...cursors.map((cursor) => cursor.until)) - 1) / frequencyMs) * frequencyMs;
  return begin(Math.max(last, taken), now + SPREAD_MS + maxEarlyMs);
}
