import { createEngine, type EngineOptions, type UnevaluatedRecord } from '../../src/engine';
import type { RulePlan } from '../../src/plan/rule-plan';
import { StoreRejected, StoreUnavailable } from '../../src/state/errors';
import { MemoryStore } from '../../src/state/memory';
import { engineOptions } from '../support/engine-options';
import { fakeClock } from '../support/fake-clock';
import { HOUR, MINUTE, T0, testPlan } from '../support/world';

const NRT = '11111111-2222-4333-8444-bbbbbbbbbbbb';
const COUNT = 'Event | where EventID > 0 | summarize n = count() by Computer';

interface SentAlert {
  readonly AlertType: string;
  readonly WindowEnd: string;
  readonly Results: readonly { Computer: string }[];
}

/** An app whose processes live for one call. */
class App {
  readonly store = new MemoryStore();
  readonly letters = new Map<string, UnevaluatedRecord>();
  readonly alerts: SentAlert[] = [];
  private sequenceNumber = 0;

  constructor(private readonly plans: readonly RulePlan[]) {}

  engine(changes: Partial<EngineOptions> = {}) {
    const sinks = [
      {
        name: 's',
        send: async (list: readonly object[]) => {
          this.alerts.push(...(list as never[]));
          return { failed: [] };
        },
      },
    ];
    const write = async (list: readonly UnevaluatedRecord[]): Promise<void> => {
      for (const letter of list)
        this.letters.set(`${letter.sequenceNumber}.${letter.record}.${letter.ruleId ?? ''}`, letter);
    };
    return createEngine(engineOptions(this.store, { plans: this.plans, sinks, deadLetters: { write }, ...changes }));
  }

  batch(...events: readonly { readonly at: number; readonly enqueued: number; readonly Computer?: string }[]) {
    return {
      source: { namespace: 'n', hub: 'h', partition: '0' },
      messages: events.map(({ at, enqueued, Computer = 'A' }) => ({
        body: Buffer.from(
          JSON.stringify({ Type: 'Event', TimeGenerated: new Date(at).toISOString(), Computer, EventID: 1 }),
        ),
        sequenceNumber: this.sequenceNumber++,
        enqueuedTime: enqueued,
      })),
    };
  }

  async flush(at: number, changes: Partial<EngineOptions> = {}): Promise<void> {
    jest.setSystemTime(at);
    await this.engine(changes).flush(at);
  }

  windowsOf(computer: string): string[] {
    return this.alerts
      .filter(({ Results }) => Results.some(({ Computer }) => Computer === computer))
      .map(({ WindowEnd }) => WindowEnd.slice(0, 16));
  }
}

fakeClock();

describe('an event that comes late', () => {
  it('is not late for an NRT rule, which goes by the time of ingestion; the others get a letter that says so', async () => {
    const app = new App([testPlan({ query: COUNT }), testPlan({ id: NRT, isNrt: true, query: COUNT })]);
    await app.flush(T0);
    const now = T0 + 90 * MINUTE;
    jest.setSystemTime(now);
    const batch = app.batch({ at: now - 49 * HOUR, enqueued: now });
    for (let delivery = 0; delivery < 2; delivery++) await app.engine().evaluate(batch);
    for (let minute = 1; minute < 5; minute++) await app.flush(now + minute * MINUTE);
    expect(app.alerts.map(({ AlertType, Results }) => [AlertType, Results])).toEqual([
      [NRT, [{ Computer: 'A', n: 1 }]],
    ]);
    const [letter] = [...app.letters.values()];
    expect([...app.letters.values()]).toHaveLength(1);
    expect(letter).toMatchObject({ reason: 'too-late', countedLegs: [expect.any(String)] });
  });

  it('is corrected or gets a letter, whenever the bound was raised', async () => {
    const app = new App([testPlan({ query: COUNT })]);
    await app.flush(T0);
    const step = async (from: number, to: number, changes: Partial<EngineOptions> = {}): Promise<void> => {
      for (let at = from; at <= to; at += 30 * MINUTE) await app.flush(at + 6 * MINUTE, changes);
    };
    await step(T0 + HOUR, T0 + 48 * HOUR);
    const raised = { maxLateMs: 48 * HOUR };
    const unsaid: string[] = [];
    for (const [after, late] of [
      [10 * MINUTE, 30],
      [HOUR, 25],
      [6 * HOUR, 40],
      [12 * HOUR, 30],
      [12 * HOUR, 37],
      [25 * HOUR, 47],
    ] as const) {
      const now = T0 + 48 * HOUR + after;
      const Computer = `L${late} ${after}`;
      jest.setSystemTime(now);
      const before = app.letters.size;
      const batch = app.batch({ at: now - late * HOUR, enqueued: now, Computer });
      for (let delivery = 0; delivery < 2; delivery++) await app.engine(raised).evaluate(batch);
      const letters = app.letters.size - before;
      await step(now + 10 * MINUTE, now + 10 * MINUTE, raised);
      if (app.windowsOf(Computer).length + letters !== 1) unsaid.push(`${Computer}: ${letters} letters`);
    }
    expect(unsaid).toEqual([]);
    expect(app.letters.size).toBeGreaterThan(0);
    expect(app.alerts.length).toBeGreaterThan(0);
  });
});

describe('a row that the table refuses', () => {
  it('has its letter before anything behind it is counted', async () => {
    const app = new App([testPlan({ query: 'Event | where EventID > 0 | project TimeGenerated, Computer' })]);
    await app.flush(T0);
    app.store.hooks.before = (call) => {
      if (call.kind !== 'transact' || call.table !== 'state') return;
      const values = call.operations.map((operation) => ('properties' in operation ? operation.properties.v : ''));
      if (values.join().includes('BAD')) throw new StoreRejected('no', 400, 'X');
    };
    const batch = app.batch(
      ...['A', 'BAD', 'C'].map((Computer) => ({ at: T0 + MINUTE, enqueued: T0 + MINUTE, Computer })),
    );
    const killed = {
      write: async () => {
        throw new StoreUnavailable('killed here');
      },
    };
    await expect(app.engine({ deadLetters: killed }).evaluate(batch)).rejects.toThrow('killed here');
    await app.engine().evaluate(batch);
    expect([...app.letters.values()].map(({ sequenceNumber, reason }) => [sequenceNumber, reason])).toEqual([
      [1, 'state-rejected'],
    ]);
    await app.flush(T0 + HOUR + 6 * MINUTE);
    expect(app.alerts[0]?.Results.map(({ Computer }) => Computer).sort()).toEqual(['A', 'C']);
  });
});
