import type { AlertJson, Sink } from '../../src/alerts/sinks/sink';
import { createEngine, DEFAULTS, type DeadLetter, type LogEvent } from '../../src/engine';
import type { RulePlan } from '../../src/rules/rule-plan';
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
  readonly deadLetters: DeadLetter[];
  readonly messages: number;
  readonly records: number;
  readonly matches: number;
  readonly windows: number;
  readonly failed: number;
}

const BATCH = 500;
/** Dead letters kept for the caller; all are counted. */
const MAX_LETTERS = 10_000;

/** Runs rules over messages with the engine that is deployed, over a store in memory: every window is flushed by event time. */
export async function runOffline(options: OfflineOptions): Promise<OfflineResult> {
  const alerts: AlertJson[] = [];
  const deadLetters: DeadLetter[] = [];
  const sink: Sink = {
    name: 'memory',
    async send(list) {
      alerts.push(...list);
      return { failed: [] };
    },
  };
  const engine = createEngine({
    ...DEFAULTS,
    plans: options.plans,
    store: new MemoryStore(),
    tables: { state: 'state', alerts: 'alerts', control: 'control' },
    sinks: [sink],
    deadLetters: {
      async write(letters) {
        if (deadLetters.length < MAX_LETTERS) deadLetters.push(...letters);
      },
    },
    clock: 'event',
    log: options.log,
  });
  const counts = { messages: 0, records: 0, matches: 0, windows: 0, failed: 0 };
  const source = { namespace: 'offline', hub: 'file', partition: '0' };
  let batch: { body: Buffer; sequenceNumber: number; enqueuedTime: number }[] = [];
  const evaluate = async (): Promise<void> => {
    const result = await engine.evaluate({ source, messages: batch });
    counts.records += result.records;
    counts.matches += result.matches;
    batch = [];
    options.onProgress?.(counts.messages, counts.records);
  };
  const now = Date.now();
  for await (const body of options.bodies) {
    batch.push({ body, sequenceNumber: counts.messages++, enqueuedTime: now });
    if (batch.length >= BATCH) await evaluate();
  }
  await evaluate();
  for (;;) {
    const flushed = await engine.flush(now);
    counts.windows += flushed.windows;
    counts.failed += flushed.failed;
    if (!flushed.more) break;
  }
  return { alerts: byTime(alerts), deadLetters, ...counts };
}

const byTime = (alerts: AlertJson[]): AlertJson[] => {
  const key = (alert: AlertJson): string => String((alert as unknown as { WindowEnd?: string }).WindowEnd ?? '');
  return [...alerts].sort((a, b) => (key(a) < key(b) ? -1 : key(a) > key(b) ? 1 : 0));
};
