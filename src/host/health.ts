import type { OperatorConfig } from '../config';
import type { PartitionEnd } from '../engine';
import { type EngineStatus, readStatus } from '../engine/status';
import { formatDuration } from '../plan/duration';
import type { RulePlan } from '../plan/rule-plan';
import { messageOf } from '../state/message';
import { gracesOf } from './observe';
import type { AppStorage } from './operator';
import { readPlanStatus } from './plan-status';

type HealthStatus = 'ok' | 'degraded' | 'down';

export interface Check {
  readonly name: 'settings' | 'plans' | 'store' | 'flush' | 'hub' | 'delivery' | 'corrections';
  readonly status: HealthStatus;
  readonly detail: string;
}

export interface Health {
  /** The worst of the checks. `down`: alerts are missing or late. */
  readonly status: HealthStatus;
  /** ISO 8601. */
  readonly at: string;
  readonly checks: readonly Check[];
}

export interface HealthSource {
  readonly config: Pick<OperatorConfig, 'mode' | 'graceMs' | 'maxWaitMs'>;
  /** The sinks that are configured, where that is known. */
  readonly sinks?: readonly string[];
  /** Throws where the plans cannot be loaded. */
  readonly plans: () => Promise<readonly RulePlan[]>;
  readonly storage: () => Promise<Pick<AppStorage, 'store' | 'tables'>>;
  /** Absent: the hub is not asked. */
  readonly hubEnds?: () => Promise<readonly PartitionEnd[]>;
}

/** A window may be overdue for so long, for a slow flush or timer, before that is a fault. ms. */
const SLACK = 600_000;
/** A flush that runs less often than this, ms, is not given more slack for it. */
const SLOWEST_TIMER = 3_600_000;
/** Messages may wait for so long before the check is degraded. ms. */
const HUB_SLACK = 600_000;
/** The flush writes every ten minutes which plans it runs. A status older than this says nothing: the app may no longer use blob storage. ms. */
const STATUS_VALID = 3_600_000;
/** Longest reason, characters. */
const LONGEST = 300;
/** After so many failed tries in a row alerts have waited for about a quarter of an hour. */
const FAILURES = 5;

/** The health of an app, as a monitor gets it. Never throws. `now`: ms. */
export async function checkHealth(
  source: HealthSource,
  now: number,
): Promise<Health & { readonly engine?: EngineStatus }> {
  const checks: Check[] = [];
  let plans: readonly RulePlan[] = [];
  try {
    plans = await source.plans();
    checks.push({ name: 'plans', status: plans.length > 0 ? 'ok' : 'degraded', detail: `${plans.length} rules` });
  } catch {
    checks.push({ name: 'plans', status: 'down', detail: "the plans cannot be loaded: run 'outrider build'" });
  }
  let ends: readonly PartitionEnd[] | undefined;
  try {
    // In a replay no progress is kept.
    if (source.config.mode === 'live') ends = await source.hubEnds?.();
  } catch (error) {
    checks.push({ name: 'hub', status: 'degraded', detail: messageOf(error).slice(0, LONGEST) });
  }
  let engine: EngineStatus | undefined;
  try {
    const storage = await source.storage();
    engine = await readStatus(storage, { now, ends, graceMs: gracesOf(source.config, plans) });
    checks.push({ name: 'store', status: 'ok', detail: 'answers' }, ...judge(engine, source, plans));
    const refusal = await refusedPlans(storage, now);
    if (refusal) checks.push(refusal);
  } catch {
    checks.push({ name: 'store', status: 'down', detail: 'the storage account does not answer, or refuses access' });
  }
  const worst = (['down', 'degraded'] as const).find((status) => checks.some((check) => check.status === status));
  return { status: worst ?? 'ok', at: new Date(now).toISOString(), checks, ...(engine ? { engine } : {}) };
}

/** `down` where the deployed rules were refused and others run: their alerts are missing. An old status is ignored. */
async function refusedPlans(
  { store, tables }: Pick<AppStorage, 'store' | 'tables'>,
  now: number,
): Promise<Check | undefined> {
  const status = await readPlanStatus(store, tables.control);
  if (!status?.refused || now - status.at > STATUS_VALID) return undefined;
  const { version, reason } = status.refused;
  return { name: 'plans', status: 'down', detail: `version ${version} was refused, ${status.version} runs: ${reason}` };
}

function judge(
  engine: EngineStatus,
  { config, sinks }: Pick<HealthSource, 'config' | 'sinks'>,
  plans: readonly RulePlan[],
): Check[] {
  const checks = [flushCheck(engine, config, plans), deliveryCheck(engine, sinks)];
  const { correctionsWaiting: waiting, hub } = engine;
  checks.push({ name: 'corrections', status: waiting > 1_000 ? 'degraded' : 'ok', detail: `${waiting} panes wait` });
  if (hub)
    checks.push({
      name: 'hub',
      status: hub.behindMs > HUB_SLACK ? 'degraded' : 'ok',
      detail: hubDetail(hub, engine.at),
    });
  return checks;
}

function hubDetail({ messages, behindMs }: NonNullable<EngineStatus['hub']>, at: number): string {
  if (messages === 0) return 'all messages are evaluated';
  const left =
    behindMs >= at ? 'a partition has never been read' : `the furthest partition was left ${since(behindMs)} ago`;
  return `${messages} messages are not evaluated; ${left}`;
}

/** `down` when a window is overdue by more than the slack, and by `maxWaitMs` on top where it waits for partitions. */
function flushCheck(
  { heartbeat, rules, at }: EngineStatus,
  { mode, maxWaitMs }: HealthSource['config'],
  plans: readonly RulePlan[],
): Check {
  const check = (status: HealthStatus, detail: string): Check => ({ name: 'flush', status, detail });
  if (!heartbeat) return check('down', 'no flush has ended yet');
  const age = at - heartbeat.at;
  if (mode === 'replay') return check('ok', `the last one ended ${since(age)} ago`);
  const slack = SLACK + 2 * Math.min(heartbeat.everyMs, SLOWEST_TIMER);
  const overdue = rules.filter(({ overdueMs, waitingSince }) => overdueMs > slack + (waitingSince > 0 ? maxWaitMs : 0));
  const [worst] = overdue;
  if (worst)
    return check(
      'down',
      `${overdue.length} rules are behind; ${worst.ruleId} by ${since(worst.overdueMs)}. The last flush ended ${since(age)} ago`,
    );
  if (heartbeat.behind > 0)
    return check('degraded', `the last flush had no time for ${heartbeat.behind} rules, which come first in the next`);
  const waiting = rules.filter(({ waitingSince }) => waitingSince > 0);
  if (waiting.length > 0) return check('degraded', `${waiting.length} rules wait for partitions to be read`);
  const begun = new Set(rules.map(({ ruleId }) => ruleId));
  const missing = plans.filter(({ rule, settings }) => settings.enabled && !begun.has(rule.id));
  if (missing.length > 0) return check('degraded', `${missing.length} rules have not begun yet`);
  return check('ok', `${rules.length} rules are up to date; the last flush ended ${since(age)} ago`);
}

function deliveryCheck({ pending, at }: EngineStatus, sinks: readonly string[] | undefined): Check {
  const check = (status: HealthStatus, detail: string): Check => ({ name: 'delivery', status, detail });
  const gone = pending.filter(({ sink }) => sinks !== undefined && !sinks.includes(sink));
  const own = pending.filter((one) => !gone.includes(one));
  const old = own.find(({ failures, firstDue }) => failures >= FAILURES || firstDue < at - SLACK);
  if (old)
    return check(
      'down',
      `alerts of ${old.windows} windows wait for the sink ${old.sink}, ${old.failures} tries failed`,
    );
  const failing = own.find(({ failures }) => failures > 0);
  if (failing) return check('degraded', `the sink ${failing.sink} fails; it is tried again`);
  if (gone[0]) return check('degraded', `alerts wait for the sink ${gone[0].sink}, which is not configured any more`);
  return check('ok', own.length === 0 ? 'nothing waits' : `alerts of ${own[0]!.windows} windows are on their way`);
}

function since(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1000));
  return seconds < 120 ? formatDuration(seconds * 1000) : formatDuration(Math.round(seconds / 60) * 60_000);
}
