import type { AlertJson, Sink } from '../../src/alerts/sinks/sink';
import { type Batch, createEngine, DEFAULTS, type LogEvent, type UnevaluatedRecord } from '../../src/engine';
import type { TableNames } from '../../src/engine/types';
import type { RulePlan } from '../../src/plan/rule-plan';
import { MemoryStore } from '../../src/state/memory';

export interface OfflineOptions {
  readonly plans: readonly RulePlan[];
  /** Bodies of messages, in order. */
  readonly bodies: AsyncIterable<Buffer>;
  readonly onProgress?: (messages: number, records: number) => void;
  readonly log: (event: LogEvent) => void;
}

export interface OfflineResult {
  readonly alerts: AlertJson[];
  readonly deadLetters: UnevaluatedRecord[];
  readonly records: number;
  readonly matches: number;
  readonly windows: number;
  readonly failed: number;
}

const BATCH = 500;
/** Dead letters kept for the caller; all are counted. */
const MAX_LETTERS = 10_000;

const TABLES: TableNames = { state: 'state', alerts: 'alerts', control: 'control' };

/** The engine that is deployed, over a store in memory, with the clock of the events. */
export class OfflineRun {
  readonly store = new MemoryStore();
  readonly tables = TABLES;
  private readonly alerts: AlertJson[] = [];
  private readonly deadLetters: UnevaluatedRecord[] = [];
  private readonly engine: ReturnType<typeof createEngine>;
  private readonly counts = { records: 0, matches: 0, windows: 0, failed: 0 };
  /** Enqueued time of every message, ms. */
  readonly now = Date.now();

  /** @throws Error where a plan does not fit this engine */
  constructor(plans: readonly RulePlan[], log: (event: LogEvent) => void) {
    const { alerts, deadLetters } = this;
    const sink: Sink = {
      name: 'memory',
      async send(list) {
        alerts.push(...list);
        return { failed: [] };
      },
    };
    this.engine = createEngine({
      ...DEFAULTS,
      plans: plans.map(withoutSinks),
      store: this.store,
      tables: TABLES,
      sinks: [sink],
      deadLetters: {
        async write(letters) {
          if (deadLetters.length < MAX_LETTERS) deadLetters.push(...letters);
        },
      },
      mode: 'replay',
      log,
    });
  }

  get records(): number {
    return this.counts.records;
  }

  async evaluate(messages: Batch['messages'], partition = '0'): Promise<void> {
    const source = { namespace: 'offline', hub: 'file', partition };
    const result = await this.engine.evaluate({ source, messages });
    this.counts.records += result.records;
    this.counts.matches += result.matches;
  }

  /** Flushes every window that has events. */
  async finish(): Promise<OfflineResult> {
    for (;;) {
      const flushed = await this.engine.flush(this.now);
      this.counts.windows += flushed.windows;
      this.counts.failed += flushed.failed;
      if (!flushed.more) break;
    }
    return { alerts: byTime(this.alerts), deadLetters: this.deadLetters, ...this.counts };
  }
}

/** Runs rules over messages: every window is flushed by event time. */
export async function runOffline(options: OfflineOptions): Promise<OfflineResult & { readonly messages: number }> {
  const run = new OfflineRun(options.plans, options.log);
  let batch: { body: Buffer; sequenceNumber: number; enqueuedTime: number }[] = [];
  let messages = 0;
  const evaluate = async (): Promise<void> => {
    await run.evaluate(batch);
    batch = [];
    options.onProgress?.(messages, run.records);
  };
  for await (const body of options.bodies) {
    batch.push({ body, sequenceNumber: messages++, enqueuedTime: run.now });
    if (batch.length >= BATCH) await evaluate();
  }
  await evaluate();
  return { ...(await run.finish()), messages };
}

/** Rules may name the sinks that they send to; here all alerts go to the one there is. */
const withoutSinks = (plan: RulePlan): RulePlan => ({ ...plan, settings: { ...plan.settings, sinks: undefined } });

const byTime = (alerts: AlertJson[]): AlertJson[] => {
  const key = (alert: AlertJson): string => String((alert as unknown as { WindowEnd?: string }).WindowEnd ?? '');
  return [...alerts].sort((a, b) => (key(a) < key(b) ? -1 : key(a) > key(b) ? 1 : 0));
};
