import { createEngine, DEFAULTS, type Engine } from '../../src/engine';
import type { HubMessage } from '../../src/events/types';
import type { RulePlan } from '../../src/plan/rule-plan';
import { MemoryStore } from '../../src/state/memory';

/** As `host.json` lets the trigger deliver them on a busy hub. */
const BATCH = 500;
const ENQUEUED = Date.UTC(2026, 2, 14, 15, 9, 26);

export const memoryEngine = (plans: readonly RulePlan[]): Engine =>
  createEngine({
    ...DEFAULTS,
    plans,
    store: new MemoryStore(),
    tables: { state: 'state', alerts: 'alerts', control: 'control' },
    sinks: [],
    deadLetters: {
      async write(letters) {
        throw new Error(`a dead letter: ${letters[0]!.reason}, ${letters[0]!.detail}`);
      },
    },
    mode: 'replay',
    log: () => {},
  });

export interface Counts {
  messages: number;
  skipped: number;
  records: number;
  matches: number;
}

/** Messages of one partition, which go on and on: every round's are new to the engine. */
export class Feed {
  private next = 0;

  constructor(private readonly bodies: readonly Buffer[]) {}

  /** Evaluates every body once, in full batches. */
  async through(engine: Engine): Promise<Counts> {
    const total: Counts = { messages: 0, skipped: 0, records: 0, matches: 0 };
    for (let from = 0; from < this.bodies.length; from += BATCH) {
      const messages = this.bodies
        .slice(from, from + BATCH)
        .map((body): HubMessage => ({ body, sequenceNumber: this.next++, enqueuedTime: ENQUEUED }));
      const result = await engine.evaluate({ source: { namespace: 'n', hub: 'h', partition: '0' }, messages });
      total.messages += result.messages;
      total.skipped += result.skipped;
      total.records += result.records;
      total.matches += result.matches;
    }
    return total;
  }
}
