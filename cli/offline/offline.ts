import type { Alert } from '../../src/alerts/alert';
import type { Sink } from '../../src/alerts/sinks/sink';
import { type Batch, createEngine, DEFAULTS, type LogEvent, type UnevaluatedRecord } from '../../src/engine';
import type { TableNames } from '../../src/engine/types';
import type { RulePlan } from '../../src/plan/rule-plan';
import { MemoryStore } from '../../src/state/memory';
import type { StoredEntity } from '../../src/state/store';

export interface OfflineResult {
  readonly alerts: Alert[];
  readonly deadLetters: UnevaluatedRecord[];
  readonly records: number;
  readonly matches: number;
  readonly windows: number;
  readonly failed: number;
}

/** Dead letters kept for the caller; all are counted. */
const MAX_LETTERS = 10_000;

const TABLES: TableNames = { state: 'state', alerts: 'alerts', control: 'control' };

/** Entities of the tables that evaluating writes. */
export interface OfflineState {
  readonly state: readonly StoredEntity[];
  readonly control: readonly StoredEntity[];
}

const copied = (body: Uint8Array | string): Uint8Array | string =>
  typeof body === 'string' ? body : Uint8Array.prototype.slice.call(body);

/** The engine that is deployed, over a store in memory, with the clock of the events. */
export class OfflineRun {
  readonly store = new MemoryStore();
  readonly tables = TABLES;
  private readonly alerts: Alert[] = [];
  private readonly deadLetters: UnevaluatedRecord[] = [];
  private readonly engine: ReturnType<typeof createEngine>;
  private readonly counts = { records: 0, matches: 0, windows: 0, failed: 0 };

  /**
   * @param now enqueued time of every message, ms
   * @param onLetters told of all dead letters; their bodies are not to be kept
   * @throws Error where a plan does not fit this engine
   */
  constructor(
    plans: readonly RulePlan[],
    log: (event: LogEvent) => void,
    readonly now = Date.now(),
    onLetters?: (letters: readonly UnevaluatedRecord[]) => void,
  ) {
    const { alerts, deadLetters } = this;
    const sink: Sink = {
      name: 'memory',
      async send(list) {
        // What comes here was made by this process.
        alerts.push(...(list as readonly Alert[]));
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
          // Bodies are views of memory that the next messages are read into.
          const room = letters.slice(0, Math.max(0, MAX_LETTERS - deadLetters.length));
          deadLetters.push(...room.map((letter) => ({ ...letter, body: copied(letter.body) })));
          onLetters?.(letters);
        },
      },
      mode: 'replay',
      log,
    });
  }

  get records(): number {
    return this.counts.records;
  }

  get matches(): number {
    return this.counts.matches;
  }

  /** All that messages have come to, for `take` of another run with the same plans. */
  state(): OfflineState {
    const { state, control } = TABLES;
    return { state: this.store.dump(state), control: this.store.dump(control) };
  }

  /** Adds what messages of other partitions have come to in another run. */
  take(
    { state, control }: OfflineState,
    { records, matches }: { readonly records: number; readonly matches: number },
  ): void {
    this.store.load(TABLES.state, state);
    this.store.load(TABLES.control, control);
    this.counts.records += records;
    this.counts.matches += matches;
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

/** Runs rules over messages that are at hand: every window is flushed by event time. */
export async function runOffline({
  plans,
  bodies,
  log,
}: {
  readonly plans: readonly RulePlan[];
  readonly bodies: AsyncIterable<Buffer>;
  readonly log: (event: LogEvent) => void;
}): Promise<OfflineResult> {
  const run = new OfflineRun(plans, log);
  const messages: { body: Buffer; sequenceNumber: number; enqueuedTime: number }[] = [];
  for await (const body of bodies) messages.push({ body, sequenceNumber: messages.length, enqueuedTime: run.now });
  await run.evaluate(messages);
  return run.finish();
}

/** Rules may name the sinks that they send to; here all alerts go to the one there is. */
const withoutSinks = (plan: RulePlan): RulePlan => ({ ...plan, settings: { ...plan.settings, sinks: undefined } });

const byTime = (alerts: readonly Alert[]): Alert[] =>
  [...alerts].sort((a, b) => (a.WindowEnd < b.WindowEnd ? -1 : a.WindowEnd > b.WindowEnd ? 1 : 0));
