import type { OperatorConfig } from '../config';
import type { DeadLetters } from '../deadletters/dead-letters';
import type { Engine, FlushResult, LogEvent, PartitionEnd, TableNames } from '../engine';
import { writeHeartbeat } from '../engine/heartbeat';
import { countOpenGroups } from '../engine/open-groups';
import { readStatus } from '../engine/status';
import { TablesSeen } from '../engine/tables-seen';
import { graceOf } from '../plan/grace';
import type { RulePlan } from '../plan/rule-plan';
import { messageOf } from '../state/message';
import type { EntityStore } from '../state/store';
import type { AppMetrics } from './metrics';
import { Stalls } from './stalls';

export interface Observed {
  readonly config: Pick<OperatorConfig, 'mode' | 'graceMs' | 'maxLateMs' | 'deadLetterDays' | 'defaultTable'>;
  readonly store: EntityStore;
  readonly tables: TableNames;
  readonly letters: DeadLetters;
  readonly metrics: AppMetrics;
  readonly sinks: readonly string[];
  readonly plans: () => Promise<readonly RulePlan[]>;
  readonly hubEnds: () => Promise<readonly PartitionEnd[]>;
  readonly log: (event: LogEvent) => void;
}

const DAY_MS = 86_400_000;
/** At most so many dead letters are deleted by one flush. */
const MOST_EXPIRED = 1_000;
/** How often open groups are counted, ms, and in how many state partitions at most. */
const COUNT_EVERY_MS = 300_000;
const MOST_PARTITIONS = 500;

/** An engine whose work is measured. */
export function observe(engine: Engine, observed: Observed): Engine {
  return { evaluate: evaluating(engine, observed), flush: flushing(engine, observed) };
}

function evaluating(engine: Engine, observed: Observed): Engine['evaluate'] {
  let seen: Promise<TablesSeen> | undefined;
  return async (batch, watch) => {
    const started = performance.now();
    const result = await engine.evaluate(batch, watch);
    observed.metrics.evaluated(result, performance.now() - started);
    // What ended the process is not read here either.
    if (watch && batch.messages.some((message) => watch.poison(message))) return result;
    await aside(observed, 'tables not noted', async () => {
      seen ??= tablesSeen(observed);
      await (await seen).look(batch.messages, Date.now());
    });
    return result;
  };
}

async function tablesSeen({ plans, store, tables, config }: Observed): Promise<TablesSeen> {
  const names = (await plans()).flatMap(({ stream }) => stream.legs.flatMap((leg) => leg.branches.map((b) => b.table)));
  return new TablesSeen(store, tables.control, new Set(names), { defaultTable: config.defaultTable });
}

function flushing(engine: Engine, observed: Observed): (now: number) => Promise<FlushResult> {
  let countedAt = Number.NEGATIVE_INFINITY;
  const stalls = new Stalls(observed);
  return async (ownTime) => {
    const started = performance.now();
    const result = await engine.flush(ownTime);
    const now = result.at;
    const { metrics, store, tables, letters, config, sinks } = observed;
    metrics.flushed(result, performance.now() - started);
    await aside(observed, 'end of the flush not noted', () =>
      writeHeartbeat(store, tables.control, now, config.maxLateMs, result.behind),
    );
    await aside(observed, 'dead letters not expired', () =>
      letters.expire(now - config.deadLetterDays * DAY_MS, MOST_EXPIRED),
    );
    await aside(observed, 'status not read', async () => {
      const plans = await observed.plans();
      // Where the hub does not answer, the rest is still measured. The flush has logged it.
      const ends = config.mode === 'live' ? await observed.hubEnds().catch(() => undefined) : undefined;
      const status = await readStatus({ store, tables }, { now, ends, graceMs: gracesOf(config, plans) });
      if (ends) await stalls.look(ends, now);
      const isTime = Math.abs(now - countedAt) >= COUNT_EVERY_MS;
      if (isTime) countedAt = now;
      const groups = isTime ? await countOpenGroups({ store, tables }, plans, now, MOST_PARTITIONS) : undefined;
      metrics.status(status, sinks, groups);
    });
    return result;
  };
}

/** Runs what only measures: its failures are logged and stop nothing. */
async function aside({ log }: Observed, message: string, action: () => Promise<unknown>): Promise<void> {
  try {
    await action();
  } catch (error) {
    log({ level: 'warn', message, reason: messageOf(error) });
  }
}

/** The grace of each rule, ms. */
export function gracesOf(
  { graceMs }: Pick<OperatorConfig, 'graceMs'>,
  plans: readonly RulePlan[],
): (ruleId: string) => number {
  const graces = new Map(plans.map((plan) => [plan.rule.id, graceOf(plan, graceMs)]));
  return (ruleId) => graces.get(ruleId) ?? graceMs ?? 0;
}
