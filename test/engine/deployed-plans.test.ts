import type { AlertJson } from '../../src/alerts/sinks/sink';
import { createEngine, DEFAULTS, type LogEvent, type PlanSet } from '../../src/engine';
import { MemoryStore } from '../../src/state/memory';
import { fakeClock } from '../support/fake-clock';
import { HOUR, MINUTE, T0, testPlan } from '../support/world';

const COUNT = 'Event | where EventID == 1 | summarize N = count() by Computer';
const OLD = testPlan({ query: COUNT });
const EDITED = testPlan({ query: `${COUNT} | extend Twice = N * 2` });
const RESTARTED = testPlan({
  query: 'Event | where EventID == 1 | summarize N = count(), Ids = dcount(EventID) by Computer',
});

fakeClock();

/** An app whose processes live on while plans are deployed. */
class App {
  deployed: PlanSet | Error = { version: '1', plans: [OLD] };
  readonly logs: LogEvent[] = [];
  private readonly alerts: Record<string, unknown>[] = [];
  private sequenceNumber = 0;
  private readonly store = new MemoryStore();
  private readonly engines = [0, 1].map(() =>
    createEngine({
      ...DEFAULTS,
      plans: [OLD],
      deployedPlans: async () => {
        if (this.deployed instanceof Error) throw this.deployed;
        return this.deployed;
      },
      store: this.store,
      tables: { state: 'state', alerts: 'alerts', control: 'control' },
      sinks: [
        {
          name: 's',
          send: async (list: readonly AlertJson[]) => {
            this.alerts.push(...(list as never[]));
            return { failed: [] };
          },
        },
      ],
      deadLetters: { write: async () => undefined },
      mode: 'live',
      log: (event) => this.logs.push(event),
    }),
  );

  /** An event every ten minutes and a flush every five. */
  async hours(from: number, to: number): Promise<void> {
    for (let at = T0 + from * HOUR; at < T0 + to * HOUR; at += 5 * MINUTE) {
      jest.setSystemTime(at);
      await this.engines[1]!.flush(at);
      if ((at - T0) % (10 * MINUTE) !== 0) continue;
      const time = at + MINUTE;
      jest.setSystemTime(time);
      const row = { Type: 'Event', TimeGenerated: new Date(time).toISOString(), Computer: 'A', EventID: 1 };
      await this.engines[0]!.evaluate({
        source: { namespace: 'n', hub: 'h', partition: '0' },
        messages: [
          { body: Buffer.from(JSON.stringify(row)), sequenceNumber: this.sequenceNumber++, enqueuedTime: time },
        ],
      });
    }
  }

  get results(): string[] {
    return this.alerts.map(
      ({ WindowEnd, Revision, Results }) =>
        `${String(WindowEnd).slice(11, 16)} r${Revision} ${JSON.stringify((Results as unknown[])[0])}`,
    );
  }
}

describe('plans that are deployed while the app runs', () => {
  it('take over at once where the state is the same', async () => {
    const app = new App();
    await app.hours(0, 2.5);
    app.deployed = { version: '2', plans: [EDITED] };
    await app.hours(2.5, 4.5);
    expect(app.results).toEqual([
      '01:00 r1 {"Computer":"A","N":6}',
      '02:00 r1 {"Computer":"A","N":6}',
      '03:00 r1 {"Computer":"A","N":6,"Twice":12}',
      '04:00 r1 {"Computer":"A","N":6,"Twice":12}',
    ]);
  });

  it('judge every window once where it is another', async () => {
    const app = new App();
    await app.hours(0, 2.5);
    app.deployed = { version: '2', plans: [RESTARTED] };
    await app.hours(2.5, 6.5);
    expect(app.results).toEqual([
      '01:00 r1 {"Computer":"A","N":6}',
      '02:00 r1 {"Computer":"A","N":6}',
      '03:00 r1 {"Computer":"A","N":6}',
      // An event may be stamped an hour ahead: it was taken in when the new plan was not there yet.
      '04:00 r1 {"Computer":"A","N":6}',
      '05:00 r1 {"Computer":"A","N":6,"Ids":1}',
      '06:00 r1 {"Computer":"A","N":6,"Ids":1}',
    ]);
  });

  it('are taken back by a rollback, before and after they have begun', async () => {
    for (const after of [0.25, 3]) {
      const app = new App();
      await app.hours(0, 2.5);
      app.deployed = { version: '2', plans: [RESTARTED] };
      await app.hours(2.5, 2.5 + after);
      app.deployed = { version: '1', plans: [OLD] };
      await app.hours(2.5 + after, 9.5);
      const ends = app.results.map((line) => line.slice(0, 8));
      expect(ends).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9].map((hour) => `0${hour}:00 r1`));
      expect(app.results.every((line) => line.includes('"N":6'))).toBe(true);
      expect(app.results.at(-1)).toBe('09:00 r1 {"Computer":"A","N":6}');
    }
  });

  it('are those from before while nobody can say which they are', async () => {
    const app = new App();
    await app.hours(0, 1.5);
    app.deployed = new Error('blob service: 503');
    await app.hours(1.5, 3.5);
    expect(app.results.map((line) => line.slice(0, 5))).toEqual(['01:00', '02:00', '03:00']);
    expect(app.logs).toContainEqual({
      level: 'error',
      message: 'deployed plans cannot be read',
      reason: 'blob service: 503',
    });
    app.deployed = { version: '2', plans: [EDITED] };
    await app.hours(3.5, 4.5);
    expect(app.results.at(-1)).toBe('04:00 r1 {"Computer":"A","N":6,"Twice":12}');
  });
});
