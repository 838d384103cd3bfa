import { readAlert } from '../../src/alerts/delivery/alert-rows';
import { lookupWindow } from '../../src/alerts/delivery/windows';
import type { Sink } from '../../src/alerts/sinks/sink';
import { createEngine, DEFAULTS, type Engine } from '../../src/engine';
import type { EngineOptions } from '../../src/engine/types';
import type { RulePlan } from '../../src/plan/rule-plan';
import type { MemoryStore } from '../../src/state/memory';
import type { EntityStore, Operation } from '../../src/state/store';
import { MINUTE } from '../support/stream';
import { chaosRules } from './rules';

export const TABLES = { state: 'state', alerts: 'alerts', control: 'control' };
export const at = (minute: number): number => Date.UTC(2024, 4, 1, 6, minute);

/** Stops a process before a step, until it is let go: before it writes a window, where nothing else is said. */
export class Gate {
  readonly reached: Promise<void>;
  private arrive = (): void => undefined;
  private open = (): void => undefined;
  private readonly opened: Promise<void>;

  constructor(private readonly stops: (operations: readonly Operation[]) => boolean = isWindow) {
    this.reached = new Promise((resolve) => {
      this.arrive = resolve;
    });
    this.opened = new Promise((resolve) => {
      this.open = resolve;
    });
  }

  over(store: MemoryStore): EntityStore {
    return {
      get: (...args) => store.get(...args),
      query: (...args) => store.query(...args),
      transact: async (table, partitionKey, operations) => {
        if (table === TABLES.alerts && this.stops(operations)) await this.stop();
        return store.transact(table, partitionKey, operations);
      },
    };
  }

  /** Stops after the first read of the state. */
  overReads(store: MemoryStore): EntityStore {
    let isFirst = true;
    return {
      get: async (...args) => {
        const found = await store.get(...args);
        if (args[0] === TABLES.state && isFirst) {
          isFirst = false;
          await this.stop();
        }
        return found;
      },
      query: (...args) => store.query(...args),
      transact: (...args) => store.transact(...args),
    };
  }

  /** Stops before the first write of the state. */
  overCommits(store: MemoryStore): EntityStore {
    let isFirst = true;
    return {
      get: (...args) => store.get(...args),
      query: (...args) => store.query(...args),
      transact: async (...args) => {
        if (args[0] === TABLES.state && isFirst) {
          isFirst = false;
          await this.stop();
        }
        return store.transact(...args);
      },
    };
  }

  /** Stops before the first read of a window. */
  overLookups(store: MemoryStore): EntityStore {
    let isFirst = true;
    return {
      get: async (...args) => {
        if (args[0] === TABLES.alerts && args[2].startsWith('w') && isFirst) {
          isFirst = false;
          await this.stop();
        }
        return store.get(...args);
      },
      query: (...args) => store.query(...args),
      transact: (...args) => store.transact(...args),
    };
  }

  private async stop(): Promise<void> {
    this.arrive();
    await this.opened;
  }

  release(): void {
    this.open();
  }
}

export const isWindow = ([first]: readonly Operation[]): boolean => first!.rowKey.startsWith('w');
export const isReady = ([first]: readonly Operation[]): boolean =>
  first!.kind !== 'delete' && first!.properties.phase === 'ready';

/** `n` by computer, every 10 minutes over 10 minutes. */
export const countRule = (early: boolean): RulePlan => {
  const { plan } = chaosRules()[1]!;
  return { ...plan, settings: { ...plan.settings, early } };
};

export const process = (
  plan: RulePlan,
  store: EntityStore,
  sinks: readonly Sink[] = [],
  options: Partial<EngineOptions> = {},
): Engine =>
  createEngine({
    ...DEFAULTS,
    plans: [plan],
    store,
    tables: TABLES,
    sinks,
    deadLetters: { write: async () => undefined },
    mode: 'live',
    graceMs: 5 * MINUTE,
    log: () => undefined,
    ...options,
  });

/** A batch of events, numbered as their minutes come. */
export const events = (sequenceNumber: number, ...minutes: readonly number[]) => ({
  source: { namespace: 'n', hub: 'h', partition: '0' },
  messages: minutes.map((minute, i) => ({
    sequenceNumber: sequenceNumber + i,
    enqueuedTime: at(minute),
    body: Buffer.from(
      JSON.stringify({
        TimeGenerated: new Date(at(minute)).toISOString(),
        Type: 'Event',
        EventID: 1,
        Source: 'beat',
        Computer: 'h1',
      }),
    ),
  })),
});
export const event = (sequenceNumber: number, minute: number) => events(sequenceNumber, minute);

export const standing = async (plan: RulePlan, store: MemoryStore, end: number) =>
  (await lookupWindow({ store, table: TABLES.alerts }, { ruleId: plan.rule.id, windowEnd: at(end) })).manifest.filter(
    ({ withdrawn }) => !withdrawn,
  );

export async function countOf(plan: RulePlan, store: MemoryStore, end = 10): Promise<unknown> {
  const outbox = { store, table: TABLES.alerts };
  const window = await lookupWindow(outbox, { ruleId: plan.rule.id, windowEnd: at(end) });
  const entry = window.manifest[0];
  const alert = entry && (await readAlert(outbox, window, entry.id, entry.revision));
  return (alert as unknown as { Results?: { n: number }[] } | undefined)?.Results?.[0]?.n;
}
