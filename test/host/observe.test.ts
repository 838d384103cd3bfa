import { MemoryBodies } from '../../src/deadletters/bodies';
import { DeadLetters } from '../../src/deadletters/dead-letters';
import { createEngine, DEFAULTS, type Engine, type LogEvent } from '../../src/engine';
import { deadLetterWriter } from '../../src/host/dead-letters';
import { checkHealth, type HealthSource } from '../../src/host/health';
import { logGauge, logTo } from '../../src/host/logging';
import { AppMetrics } from '../../src/host/metrics';
import { observe } from '../../src/host/observe';
import type { RulePlan } from '../../src/plan/rule-plan';
import { StoreUnavailable } from '../../src/state/errors';
import { MemoryStore } from '../../src/state/memory';
import { type Point, Telemetry } from '../../src/telemetry/telemetry';
import { HOUR, MINUTE, T0, testPlan } from '../support/world';

jest.setTimeout(60_000);

const DAY = 24 * HOUR;
const RULE = '11111111-2222-4333-8444-aaaaaaaaaaaa';
const counting = testPlan({ id: RULE, query: 'Event | summarize n = count() by Computer' });

/** An app with a clock of its own, in the test's process. */
class App {
  readonly store = new MemoryStore();
  readonly tables = { state: 'state', alerts: 'alerts', control: 'control' };
  readonly letters = new DeadLetters(this.store, 'letters', new MemoryBodies());
  /** Every log line as it is written. */
  readonly lines: string[] = [];
  readonly points: Point[] = [];
  sinkFails = '';
  hubEnd = -1;
  hubFails = false;
  plansFail = false;
  private readonly engine: Engine;
  sequenceNumber = 0;

  constructor(private readonly plans: readonly RulePlan[] = [counting]) {
    const write = (text: unknown) => void this.lines.push(String(text));
    const log = logTo({ info: write, warn: write, error: write });
    const telemetry = new Telemetry((point) => {
      this.points.push(point);
      logGauge(log)(point);
    });
    const metrics = new AppMetrics(telemetry);
    const bare = createEngine({
      ...DEFAULTS,
      plans,
      store: this.store,
      tables: this.tables,
      sinks: [
        {
          name: 's',
          send: async (alerts) => ({
            failed: this.sinkFails ? alerts.map((_, index) => ({ index, reason: this.sinkFails })) : [],
          }),
        },
      ],
      deadLetters: deadLetterWriter(this.letters, (reason, count) => metrics.deadLetters(reason, count)),
      mode: 'live',
      hubEnds: this.hubEnds,
      log,
    });
    this.engine = observe(bare, {
      config: { mode: 'live', maxLateMs: DAY, deadLetterDays: 30 },
      store: this.store,
      tables: this.tables,
      letters: this.letters,
      metrics,
      sinks: ['s'],
      plans: async () => plans,
      hubEnds: this.hubEnds,
      log,
    });
  }

  readonly hubEnds = async () => {
    if (this.hubFails) throw new Error('hub');
    return [{ source: { namespace: 'n', hub: 'h', partition: '0' }, lastSequenceNumber: this.hubEnd }];
  };

  readonly source: HealthSource = {
    config: { mode: 'live', maxWaitMs: 6 * HOUR },
    sinks: ['s'],
    plans: async () => {
      if (this.plansFail) throw new Error('no file');
      return this.plans;
    },
    storage: async () => this,
    hubEnds: this.hubEnds,
  };

  async send(at: number, ...bodies: (object | string)[]): Promise<void> {
    jest.setSystemTime(at);
    await this.engine.evaluate({
      source: { namespace: 'n', hub: 'h', partition: '0' },
      messages: bodies.map((body) => ({
        body: Buffer.from(typeof body === 'string' ? body : JSON.stringify(body)),
        sequenceNumber: this.sequenceNumber++,
        enqueuedTime: at,
      })),
    });
    this.hubEnd = this.sequenceNumber - 1;
  }

  async flush(at: number): Promise<void> {
    jest.setSystemTime(at);
    await this.engine.flush(at);
  }

  async health(at: number) {
    const { status, checks } = await checkHealth(this.source, at);
    return { status, ...Object.fromEntries(checks.map((check) => [check.name, check.status])) };
  }

  gauge(name: string): number | undefined {
    return this.points.filter((point) => point.name === name).at(-1)?.value;
  }
}

const event = (at: number, more: object = {}) => ({
  Type: 'Event',
  TimeGenerated: new Date(at).toISOString(),
  Computer: 'A',
  EventID: 1,
  ...more,
});

beforeEach(() => jest.useFakeTimers({ now: T0, doNotFake: ['nextTick', 'setImmediate', 'performance'] }));
afterEach(() => jest.useRealTimers());

describe('health', () => {
  it('is down before the first flush, then ok, and down when the flush falls behind', async () => {
    const app = new App();
    expect(await app.health(T0)).toMatchObject({ status: 'down', flush: 'down', store: 'ok', plans: 'ok' });
    await app.flush(T0 + 10 * MINUTE);
    expect(await app.health(T0 + 10 * MINUTE)).toMatchObject({ status: 'ok', flush: 'ok', hub: 'ok', delivery: 'ok' });
    // The window of 01:00 is due at 01:05.
    expect(await app.health(T0 + 65 * MINUTE)).toMatchObject({ flush: 'ok' });
    expect(await app.health(T0 + 80 * MINUTE)).toMatchObject({ status: 'down', flush: 'down' });
    await app.flush(T0 + 81 * MINUTE);
    expect(await app.health(T0 + 81 * MINUTE)).toMatchObject({ status: 'ok' });
  });

  it('is degraded while a window waits for partitions, and down when the wait is over', async () => {
    const app = new App();
    await app.flush(T0 + 10 * MINUTE);
    await app.send(T0 + 20 * MINUTE, event(T0 + 20 * MINUTE));
    app.hubEnd = 1000;
    await app.flush(T0 + 66 * MINUTE);
    expect(await app.health(T0 + 66 * MINUTE)).toMatchObject({
      status: 'degraded',
      flush: 'degraded',
      hub: 'degraded',
    });
    expect(app.gauge('outrider.window.waiting')).toBe(1);
    expect(app.gauge('outrider.hub.lag')).toBe(1000);
    expect(app.gauge('outrider.hub.delay')).toBe(46 * 60);
    expect(await app.health(T0 + 10 * HOUR)).toMatchObject({ status: 'down', flush: 'down' });
  });

  it('is down when alerts have not been delivered for long', async () => {
    const app = new App();
    await app.flush(T0 + 10 * MINUTE);
    await app.send(T0 + 20 * MINUTE, event(T0 + 20 * MINUTE));
    app.sinkFails = 'no connection';
    await app.flush(T0 + 66 * MINUTE);
    expect(await app.health(T0 + 66 * MINUTE)).toMatchObject({ status: 'degraded', delivery: 'degraded' });
    expect(app.gauge('outrider.delivery.pending')).toBe(1);
    for (let minute = 67; minute < 90; minute++) await app.flush(T0 + minute * MINUTE);
    expect(await app.health(T0 + 90 * MINUTE)).toMatchObject({ status: 'down', delivery: 'down' });
    app.sinkFails = '';
    for (let minute = 90; minute < 115; minute++) await app.flush(T0 + minute * MINUTE);
    expect(await app.health(T0 + 115 * MINUTE)).toMatchObject({ status: 'ok', delivery: 'ok' });
    expect(app.gauge('outrider.delivery.pending')).toBe(0);
  });

  it('says what does not answer, and shows no text of an error', async () => {
    const app = new App();
    await app.flush(T0 + 10 * MINUTE);
    app.hubFails = true;
    app.plansFail = true;
    expect(await app.health(T0 + 11 * MINUTE)).toMatchObject({ status: 'down', plans: 'down', hub: 'degraded' });
    app.plansFail = false;
    app.hubFails = false;
    app.store.hooks = {
      before() {
        throw new StoreUnavailable('AccountKey=c2VjcmV0');
      },
    };
    expect(await app.health(T0 + 11 * MINUTE)).toMatchObject({ status: 'down', store: 'down' });
    expect(JSON.stringify(await checkHealth(app.source, T0))).not.toContain('c2VjcmV0');
  });

  it('tells of a sink that is not configured any more', async () => {
    const app = new App();
    await app.flush(T0 + 10 * MINUTE);
    await app.send(T0 + 20 * MINUTE, event(T0 + 20 * MINUTE));
    app.sinkFails = 'gone';
    await app.flush(T0 + 66 * MINUTE);
    const { checks } = await checkHealth({ ...app.source, sinks: ['other'] }, T0 + 67 * MINUTE);
    expect(checks.find(({ name }) => name === 'delivery')).toMatchObject({
      status: 'degraded',
      detail: expect.stringContaining('not configured any more'),
    });
  });
});

describe('what a flush reports', () => {
  it('lag, corrections, groups and rows held, and tables not seen for long', async () => {
    const rows = testPlan({ id: RULE.replaceAll('a', 'c'), query: 'Event | where EventID == 1 | project Computer' });
    const app = new App([counting, rows]);
    await app.flush(T0 + 10 * MINUTE);
    await app.send(T0 + 70 * MINUTE, event(T0 + 69 * MINUTE), event(T0 + 69 * MINUTE, { Computer: 'B' }));
    await app.send(T0 + 71 * MINUTE, event(T0 + 69 * MINUTE, { Type: 'Event', Computer: 'A' }));
    await app.flush(T0 + 72 * MINUTE);
    expect(app.gauge('outrider.group.open')).toBe(2);
    expect(app.gauge('outrider.row.open')).toBe(3);
    expect(app.gauge('outrider.flush.lag')).toBe(0);
    expect(app.gauge('outrider.table.silence')).toBe(60);
    // An event of a window that has run: a note waits until the next flush has corrected it.
    await app.send(T0 + 73 * MINUTE, event(T0 + 30 * MINUTE));
    const { checks } = await checkHealth(app.source, T0 + 73 * MINUTE);
    expect(checks.find(({ name }) => name === 'corrections')!.detail).toBe('2 panes wait');
    await app.flush(T0 + 74 * MINUTE);
    expect(app.gauge('outrider.correction.waiting')).toBe(0);
  });

  it('expires dead letters after their days, a bounded number at a time', async () => {
    const app = new App();
    await app.send(T0, '{"cut', '{"cut too');
    expect((await app.letters.list()).letters).toHaveLength(2);
    await app.flush(T0 + 30 * DAY);
    expect((await app.letters.list()).letters).toHaveLength(2);
    await app.flush(T0 + 32 * DAY);
    expect((await app.letters.list()).letters).toEqual([]);
  });
});

describe('logs and metrics', () => {
  it('hold no text of any event, whatever goes wrong', async () => {
    const SECRET = 'hunter2-pa55word';
    const plans = [
      counting,
      testPlan({
        id: RULE.replaceAll('a', 'd'),
        query:
          'Event | where assert(EventID != 9, "no") | extend d = todynamic(Computer) | project d | evaluate bag_unpack(d)',
      }),
      testPlan({
        id: RULE.replaceAll('a', 'e'),
        query: 'Event | summarize by Computer | where "x" matches regex Computer',
      }),
    ];
    const app = new App(plans);
    await app.flush(T0 + 10 * MINUTE);
    const at = T0 + 20 * MINUTE;
    await app.send(
      at,
      `{"CommandLine":"${SECRET}`,
      `<Event><${SECRET}>`,
      { Type: SECRET, TimeGenerated: new Date(at).toISOString() },
      { [SECRET]: 1 },
      event(at, { Computer: `(${SECRET}` }),
      event(at, { Computer: `{"${SECRET}":1,"${SECRET.toUpperCase()}":2}` }),
      event(at, {
        Computer: JSON.stringify(Object.fromEntries(Array.from({ length: 3000 }, (_, n) => [`${SECRET}${n}`, n]))),
      }),
      event(at, { EventID: 9, Computer: SECRET }),
      event(T0 - 3 * DAY, { Computer: SECRET }),
      event(at, { TimeGenerated: SECRET }),
      JSON.stringify(event(at)).replace('"A"', `"${SECRET}\\ud800\\u0000"`),
    );
    app.sinkFails = `refused: 'CommandLine ${SECRET}'`;
    await app.flush(T0 + 66 * MINUTE);
    app.store.hooks = {
      before(call) {
        if (call.kind === 'page' && call.table === 'letters') throw new StoreUnavailable(`not read: "${SECRET}"`);
      },
    };
    await app.flush(T0 + 67 * MINUTE);
    // Something was logged of each: a window that failed, alerts not delivered, dead letters not expired.
    for (const message of ['window failed', 'alerts not delivered', 'dead letters not expired', 'metric'])
      expect(app.lines.join('\n')).toContain(message);
    expect((await app.letters.list({ pageSize: 50 }).catch(() => undefined))?.letters).toBeUndefined();
    const everything = `${app.lines.join('\n')}${JSON.stringify(app.points)}`.toLowerCase();
    expect(everything).not.toContain(SECRET);
    expect(everything).not.toContain('hunter2');
    const health = await checkHealth(app.source, T0 + 68 * MINUTE);
    expect(JSON.stringify(health.checks)).not.toContain(SECRET);
  });

  it('cut the text of an error where it begins to quote', () => {
    const lines: LogEvent[] = [];
    const write = (text: unknown) => void lines.push(JSON.parse(String(text)));
    const log = logTo({ info: write, warn: write, error: write });
    log({ level: 'error', message: 'm', reason: "bad pattern '(a\nb' in `c`", rule: RULE });
    expect(lines).toEqual([{ message: 'm', reason: 'bad pattern ', rule: RULE }]);
  });
});

describe('messages that were lost', () => {
  it('are counted, and none of a redelivery', async () => {
    const record = jest.spyOn(Telemetry.prototype, 'record');
    const app = new App();
    await app.send(T0, event(T0));
    app.sequenceNumber += 4;
    await app.send(T0 + MINUTE, event(T0 + MINUTE));
    app.sequenceNumber--;
    await app.send(T0 + MINUTE, event(T0 + MINUTE));
    const lost = record.mock.calls.filter(([name]) => name === 'outrider.messages.lost').map(([, value]) => value);
    record.mockRestore();
    expect(lost.reduce((sum, value) => sum + value, 0)).toBe(4);
  });
});
