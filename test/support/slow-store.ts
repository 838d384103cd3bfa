import { createEngine, type EngineOptions, type FlushResult } from '../../src/engine';
import type { RulePlan } from '../../src/plan/rule-plan';
import { MemoryStore, type StoreCall } from '../../src/state/memory';
import type { EntityStore } from '../../src/state/store';
import { engineOptions } from './engine-options';
import { MINUTE } from './world';

/** A function that took too long is ended: it does nothing more. */
export class Ended extends Error {}

/** After so long Azure ends a function, ms: `functionTimeout` in host.json. */
const FUNCTION_TIMEOUT = 10 * MINUTE;

export interface Sent {
  readonly rule: string;
  readonly end: string;
  readonly revision: number;
  readonly results: readonly Record<string, unknown>[];
}

/**
 * An app over a store whose requests take time, by a clock that only they move (`fakeClock` must be called). Every flush is a process of its own,
 * which ends after `functionTimeout`.
 */
export class SlowApp {
  readonly store = new MemoryStore();
  readonly sent: Sent[] = [];
  readonly logged: { readonly level: string; readonly message: string; readonly [key: string]: unknown }[] = [];
  /** What a request takes, ms. */
  cost: (call: StoreCall) => number = () => 0;
  /** Most entities of a page. */
  pageSize = 1_000;
  private sequenceNumber = 0;

  constructor(
    private readonly plans: readonly RulePlan[],
    private readonly bounds: Partial<EngineOptions> = {},
  ) {}

  options(): EngineOptions {
    const { store } = this;
    const paged: EntityStore = {
      get: (...args) => store.get(...args),
      query: (table, range, size = 1_000) => store.query(table, range, Math.min(size, this.pageSize)),
      transact: (...args) => store.transact(...args),
    };
    return engineOptions(paged, {
      plans: this.plans,
      sinks: [
        {
          name: 's',
          send: async (alerts) => {
            for (const alert of alerts as unknown as Record<string, never>[])
              this.sent.push({
                rule: alert.AlertType!,
                end: String(alert.WindowEnd).slice(11, 16),
                revision: alert.Revision!,
                results: alert.Results!,
              });
            return { failed: [] };
          },
        },
      ],
      log: (event) => this.logged.push(event),
      ...this.bounds,
    });
  }

  /** Events of (ms, EventID, Computer), taken in at `at` (ms). */
  async events(at: number, events: readonly (readonly [number, number, string?])[]): Promise<void> {
    jest.setSystemTime(at);
    await createEngine(this.options()).evaluate({
      source: { namespace: 'n', hub: 'h', partition: '0' },
      messages: events.map(([time, EventID, Computer = 'A']) => ({
        body: Buffer.from(
          JSON.stringify({ Type: 'Event', TimeGenerated: new Date(time).toISOString(), Computer, EventID }),
        ),
        sequenceNumber: this.sequenceNumber++,
        enqueuedTime: at,
      })),
    });
  }

  /** A flush by a process of its own, and what it took, ms; undefined: it was ended. */
  async flush(at: number): Promise<(FlushResult & { readonly took: number; readonly requests: number }) | undefined> {
    jest.setSystemTime(at);
    let took = 0;
    let requests = 0;
    this.store.hooks.before = async (call) => {
      if (took > FUNCTION_TIMEOUT) throw new Ended('functionTimeout');
      requests++;
      const cost = this.cost(call);
      took += cost;
      if (cost > 0) jest.advanceTimersByTime(cost);
      if (took > FUNCTION_TIMEOUT) throw new Ended('functionTimeout');
    };
    try {
      const result = await createEngine(this.options()).flush(at);
      return took > FUNCTION_TIMEOUT ? undefined : { ...result, took, requests };
    } catch (error) {
      if (took > FUNCTION_TIMEOUT || error instanceof Ended) return undefined;
      throw error;
    } finally {
      delete this.store.hooks.before;
    }
  }

  /** Notes of late events that are left. */
  notes(): number {
    return this.store.dump('control').filter(({ partitionKey }) => partitionKey.startsWith('late.')).length;
  }
}
