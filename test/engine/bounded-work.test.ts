import { createEngine, DEFAULTS } from '../../src/engine';
import { StoreUnavailable } from '../../src/state/errors';
import { MemoryStore } from '../../src/state/memory';
import { fakeClock } from '../support/fake-clock';
import { HOUR, MINUTE, T0, testPlan } from '../support/world';

const QUERY = 'Event | where EventID == 1 | summarize N = count(), Last = max(TimeGenerated) by Computer | where N > 1';
const TABLES = { state: 'state', alerts: 'alerts', control: 'control' };

/** One rule over a store in memory; a new engine a call, as a process that was killed leaves nothing behind. */
class Runs {
  readonly store = new MemoryStore();
  readonly alerts: { Results: Record<string, unknown>[] }[] = [];
  private readonly plan = testPlan({ query: QUERY });
  private sequenceNumber = 0;

  constructor(private readonly limits: { maxExpiredPerFlush?: number } = {}) {}

  engine() {
    return createEngine({
      ...DEFAULTS,
      ...this.limits,
      plans: [this.plan],
      store: this.store,
      tables: TABLES,
      sinks: [
        {
          name: 's',
          send: async (list) => {
            this.alerts.push(...(list as never[]));
            return { failed: [] };
          },
        },
      ],
      deadLetters: { write: async () => undefined },
      mode: 'live',
      log: () => undefined,
    });
  }

  /** Two events of each of so many computers. */
  async events(at: number, groups: number): Promise<void> {
    jest.setSystemTime(at);
    const messages = Array.from({ length: 2 * groups }, (_, i) => ({
      body: Buffer.from(
        JSON.stringify({
          Type: 'Event',
          TimeGenerated: new Date(at).toISOString(),
          Computer: `PC${i % groups}`,
          EventID: 1,
        }),
      ),
      sequenceNumber: this.sequenceNumber++,
      enqueuedTime: at,
    }));
    await this.engine().evaluate({ source: { namespace: 'n', hub: 'h', partition: '0' }, messages });
  }

  async flush(at: number): Promise<void> {
    jest.setSystemTime(at);
    await this.engine().flush(at);
  }

  results(): unknown[] {
    return this.alerts
      .flatMap((alert) => alert.Results)
      .sort((a, b) => (String(a.Computer) < String(b.Computer) ? -1 : 1));
  }
}

fakeClock();

describe('work a flush does', () => {
  it('deletes no more state than its bound while a backlog of it is worked off', async () => {
    const bound = 50;
    const runs = new Runs({ maxExpiredPerFlush: bound });
    await runs.flush(T0);
    for (let hour = 0; hour < 4; hour++) {
      await runs.events(T0 + hour * HOUR + 10 * MINUTE, 80);
      await runs.flush(T0 + (hour + 1) * HOUR + 6 * MINUTE);
    }
    const backlog = runs.store.dump('state').length;
    expect(backlog).toBeGreaterThan(4 * 80);

    let deleted = 0;
    runs.store.hooks = {
      after: (call) => {
        if (call.kind !== 'transact' || call.table !== 'state') return;
        deleted += call.operations.filter((operation) => operation.kind === 'delete').length;
      },
    };
    const perFlush: number[] = [];
    const engine = runs.engine();
    for (let tick = 0; runs.store.dump('state').length > 0; tick++) {
      expect(tick).toBeLessThan(40);
      deleted = 0;
      // A call that reaches its bound goes on at the next tick.
      const at = T0 + 10 * 24 * HOUR + tick * MINUTE;
      jest.setSystemTime(at);
      await engine.flush(at);
      perFlush.push(deleted);
    }
    expect(Math.max(...perFlush)).toBe(bound);
    expect(perFlush.reduce((sum, n) => sum + n, 0)).toBe(backlog);
  });

  it('goes on where it was killed while it read a window of many pages, with the same alerts', async () => {
    const groups = 1_500;
    const read = async (killedAt: number) => {
      const runs = new Runs();
      await runs.flush(T0);
      await runs.events(T0 + 10 * MINUTE, groups);
      let pages = 0;
      runs.store.hooks = {
        before: (call) => {
          if (call.kind === 'page' && call.table === 'state' && pages++ === killedAt)
            throw new StoreUnavailable('killed');
        },
      };
      const due = T0 + HOUR + 6 * MINUTE;
      const isKilled = await runs.flush(due).then(
        () => false,
        () => true,
      );
      if (isKilled) await runs.flush(due + MINUTE);
      return { isKilled, pages, results: runs.results() };
    };
    const whole = await read(Number.POSITIVE_INFINITY);
    expect(whole.pages).toBeGreaterThan(1);
    expect(whole.results.length).toBeGreaterThan(0);
    for (let page = 0; page < 2; page++) {
      const { isKilled, results } = await read(page);
      expect(isKilled).toBe(true);
      expect(results).toEqual(whole.results);
    }
  });
});
