import { openSinks } from '../alerts/sinks/define';
import type { Sink } from '../alerts/sinks/sink';
import type { Config } from '../config';
import {
  type Batch,
  createEngine,
  DEFAULTS,
  type Engine,
  type EvaluateResult,
  type FlushResult,
  type LogEvent,
} from '../engine';
import { Attempts } from '../engine/attempts';
import { Guard } from '../engine/guard';
import { Once } from '../state/once';
import { TableStore } from '../state/table';
import { Telemetry } from '../telemetry/telemetry';
import { openCredential } from './credential';
import { deadLetterStore, deadLetterWriter } from './dead-letters';
import type { HealthSource } from './health';
import { HubInfo } from './hub';
import { logGauge, logToStderr } from './logging';
import { AppMetrics } from './metrics';
import { observe } from './observe';
import { listStore, openPlans, plansAsDeployed } from './open-plans';
import { openStorage, tableNames } from './operator';
import { PlanStatusWriter } from './plan-status';
import { type RefreshResult, refreshLists } from './refresh-lists';
import { Watchdog } from './watchdog';

const sinkNames = ({ sinks }: Config): string[] => sinks.map(({ definition }) => definition.name);

interface Opened {
  readonly engine: Engine;
  readonly attempts: Attempts;
}

async function open(config: Config, sinks: readonly Sink[], hub: HubInfo): Promise<Opened> {
  const { storage, tablePrefix } = config;
  const identity = storage.connectionString === undefined ? await openCredential(config) : undefined;
  const store = new TableStore({
    connectionString: storage.connectionString,
    endpoint: storage.tableServiceUri,
    credential: identity,
  });
  const log = logToStderr;
  const tables = tableNames(tablePrefix);
  // What every batch and flush reads is opened while the plans are.
  for (const table of [tables.control, tables.state]) store.warm(table);
  const metrics = new AppMetrics(new Telemetry(logGauge(log)));
  const letters = deadLetterStore(config, store, identity);
  const plans = await openPlans(config, identity, log);
  const bare = createEngine({
    ...DEFAULTS,
    ...plans.options,
    store,
    tables,
    sinks,
    deadLetters: deadLetterWriter(letters, (reason, count) => metrics.deadLetters(reason, count)),
    mode: config.mode,
    hubEnds: () => hub.ends(),
    decode: { defaultTable: config.defaultTable },
    graceMs: config.graceMs,
    maxLateMs: config.maxLateMs,
    maxAheadMs: config.maxAheadMs,
    maxWaitMs: config.maxWaitMs,
    maxWindowsPerFlush: config.maxWindowsPerFlush,
    maxFlushMs: config.maxFlushMs,
    maxRowsPerWindow: config.maxRowsPerWindow,
    maxTextPerWindow: config.maxTextPerWindow,
    log,
  });
  const engine = observe(bare, {
    ...{ config, store, tables, letters, metrics, log },
    sinks: sinkNames(config),
    plans: async () => (await plans.options.deployedPlans?.())?.plans ?? plans.options.plans,
    hubEnds: () => hub.ends(),
  });
  const attempts = new Attempts(store, tables.control);
  if (!plans.deployed) return { engine, attempts };
  const status = new PlanStatusWriter(store, tables.control);
  const flush = async (now: number): Promise<FlushResult> => {
    const result = await engine.flush(now);
    await status.write(plans.deployed!.status, result.at);
    return result;
  };
  return { engine: { ...engine, flush }, attempts };
}

/** Opens once a process; a failed try is tried again by the next call. */
function once<T>(make: (config: Config) => Promise<T>): (config: Config) => Promise<T> {
  let opened: Once<T> | undefined;
  return (config) => {
    opened ??= new Once(() => make(config));
    return opened.get();
  };
}

async function openHub(config: Config): Promise<HubInfo> {
  const { connectionString } = config.events;
  return new HubInfo({
    ...config.events,
    credential: connectionString === undefined ? await openCredential(config) : undefined,
  });
}

/** The engine as the evaluate function uses it: no sinks. */
export const openEvaluate = once(async (config) => {
  const hub = await openHub(config);
  hub.warm();
  const { engine, attempts } = await open(config, [], hub);
  const { beat } = new Watchdog();
  const guard = new Guard((batch, watch) => engine.evaluate(batch, watch), { attempts, log: logToStderr, beat });
  return {
    /**
     * Evaluates what the trigger delivered. Throws where the infrastructure fails, and OutOfTime where the rest is for another call, so that
     * the host delivers it again.
     */
    async evaluate(batch: Batch): Promise<EvaluateResult> {
      const [first] = batch.messages;
      const last = batch.messages.at(-1);
      const incarnation =
        first &&
        last &&
        (await hub.incarnation(
          batch.source.partition,
          first.sequenceNumber,
          last.sequenceNumber,
          Date.now(),
          first.enqueuedTime,
        ));
      return guard.evaluate({ ...batch, source: { ...batch.source, incarnation } });
    },
  };
});

/** Fetches lists that are due. undefined: the app is set to leave them as they were built. Throws StoreError. */
export async function refresh(config: Config, log: (event: LogEvent) => void): Promise<RefreshResult | undefined> {
  if (config.listsEveryMs === 0 || config.mode === 'replay') return undefined;
  const identity = config.storage.connectionString === undefined ? await openCredential(config) : undefined;
  const { plans } = await plansAsDeployed(config, identity, log).current();
  const store = listStore(config, identity);
  return refreshLists({ plans, store, everyMs: config.listsEveryMs, now: Date.now, log });
}

/** The engine as the flush function uses it. */
export const openFlush = once(async (config) => {
  const sinks = await openSinks(config.sinks, { credential: () => openCredential(config), now: Date.now });
  return (await open(config, sinks, await openHub(config))).engine;
});

/** What the health check reads. */
export const openHealth = (config: Config): HealthSource => {
  const storage = once(openStorage);
  const plans = once(async () => openPlans(config, (await storage(config)).credential, logToStderr));
  const hub = once(openHub);
  return {
    config,
    sinks: sinkNames(config),
    storage: () => storage(config),
    plans: async () => {
      const { options } = await plans(config);
      return (await options.deployedPlans?.())?.plans ?? options.plans;
    },
    hubEnds: async () => (await hub(config)).ends(),
  };
};
