import { listWindows } from '../../src/alerts/delivery/windows';
import type { StoreCall } from '../../src/state/memory';
import { fakeClock } from '../support/fake-clock';
import { SlowApp } from '../support/slow-store';
import { HOUR, MINUTE, T0, testPlan } from '../support/world';

const A = '11111111-2222-4333-8444-aaaaaaaaaaaa';
const B = '11111111-2222-4333-8444-bbbbbbbbbbbb';
const SECOND = 1_000;

const count = (id: string, EventID: number, frequency = '5m', period = '5m') =>
  testPlan({
    id,
    query: `Event | where EventID == ${EventID} | summarize N = count() by Computer`,
    frequency,
    period,
  });

const isState = (call: StoreCall): boolean => call.kind === 'page' && call.table === 'state';
const isAlert = (call: StoreCall): boolean => call.kind === 'transact' && call.table === 'alerts';

fakeClock();

/** Flushes until nothing is left, each in its time; what each did. */
async function flushAll(app: SlowApp, from: number, most: number) {
  const ticks = [];
  for (let tick = 0; tick < most; tick++) {
    const result = await app.flush(from + tick * 10 * MINUTE);
    expect(result).toBeDefined();
    ticks.push(result!);
    if (!result!.more) break;
  }
  return ticks;
}

describe('a late event whose windows take longer than a function may', () => {
  /** An event every five minutes for four hours, whose windows have run. */
  async function withHistory(): Promise<SlowApp> {
    const app = new SlowApp([count(A, 1, '5m', '4h'), count(B, 2)]);
    await app.flush(T0 - 4 * HOUR);
    for (let at = T0 - 4 * HOUR; at < T0; at += 5 * MINUTE) await app.events(at + SECOND, [[at, 1]]);
    for (const result of await flushAll(app, T0 + 6 * MINUTE, 5)) expect(result.failed).toBe(0);
    app.sent.length = 0;
    return app;
  }

  it('is worked off over several flushes that end in time, and stops no other rule', async () => {
    const app = await withHistory();
    const now = T0 + 10 * MINUTE;
    await app.events(now, [
      [now - 4 * HOUR + 6 * MINUTE, 1],
      [now, 2],
    ]);
    // About four writes a window: forty windows take twice as long as a function may.
    app.cost = (call) => (isAlert(call) ? 8 * SECOND : isState(call) ? 20 * SECOND : 20);
    const ticks = await flushAll(app, now + 10 * MINUTE, 20);
    expect(ticks.length).toBeGreaterThan(2);
    for (const { took } of ticks) expect(took).toBeLessThan(9 * MINUTE);
    // What a flush has begun with the next one goes on with: none is run twice, and none is left.
    const corrections = ticks.map((tick) => tick.corrections);
    const late = app.sent.filter(({ rule, revision }) => rule === A && revision === 2);
    expect(new Set(late.map(({ end }) => end)).size).toBe(late.length);
    expect(corrections.reduce((sum, n) => sum + n, 0)).toBe(late.length);
    expect(late.length).toBeGreaterThan(40);
    expect(app.notes()).toBe(0);
    expect(ticks[0]).toMatchObject({ behind: 1, more: true });
    expect(app.logged).toContainEqual(expect.objectContaining({ level: 'warn', message: 'flush behind', longest: A }));
    // The other rule alerted with the first flush, which delivered it itself.
    expect(app.sent.findIndex(({ rule }) => rule === B)).toBeLessThan(ticks[0]!.sent);
  });

  it('reads the state of the windows once, not once for each of them', async () => {
    const app = await withHistory();
    const now = T0 + 10 * MINUTE;
    await app.events(now, [[now - 4 * HOUR + 6 * MINUTE, 1]]);
    let pages = 0;
    app.cost = (call) => {
      if (isState(call) && call.kind === 'page' && call.range.select === undefined) pages++;
      return 0;
    };
    const result = await app.flush(now + MINUTE);
    expect(result!.corrections).toBeGreaterThan(40);
    expect(pages).toBeLessThanOrEqual(3);
  });

  it('gives every window its turn while events for the same pane keep coming', async () => {
    const app = await withHistory();
    let now = T0 + 10 * MINUTE;
    const pane = now - 4 * HOUR + 6 * MINUTE;
    app.cost = (call) => (isAlert(call) ? 8 * SECOND : 20);
    const corrected = new Set<string>();
    for (let tick = 0; tick < 12; tick++) {
      // The note is written anew: all windows over the pane are to be run again.
      await app.events(now, [[pane, 1]]);
      now += 10 * MINUTE;
      expect(await app.flush(now)).toBeDefined();
      for (const { rule, end, revision } of app.sent) if (rule === A && revision > 1) corrected.add(end);
    }
    expect(corrected.size).toBeGreaterThan(40);
  });
});

it('late events of many rules keep none of them from its windows', async () => {
  const ids = Array.from({ length: 12 }, (_, i) => `11111111-2222-4333-8444-0000000000${10 + i}`);
  const app = new SlowApp(ids.map((id, i) => count(id, 1 + (i % 2), '1h', '6h')));
  await app.flush(T0 - 6 * HOUR);
  for (let at = T0 - 6 * HOUR; at < T0; at += HOUR)
    await app.events(at + SECOND, [
      [at, 1],
      [at, 2],
    ]);
  await flushAll(app, T0 + 6 * MINUTE, 5);
  app.sent.length = 0;
  // All corrections of a tick take more than the time of three flushes.
  app.cost = (call) => (isAlert(call) ? 4 * SECOND : isState(call) ? 5 * SECOND : 10);
  let now = T0 + 40 * MINUTE;
  for (let tick = 0; tick < 18; tick++) {
    await app.events(now, [
      [now - 5 * HOUR, 1],
      [now - 5 * HOUR, 2],
      [now, 1],
      [now, 2],
    ]);
    now += 10 * MINUTE;
    const result = await app.flush(now);
    expect(result).toBeDefined();
    expect(result!.took).toBeLessThan(9 * MINUTE);
  }
  // The last window that has alerted, of the rule furthest behind: it was due an hour ago at most.
  const last = ids.map(
    (id) =>
      app.sent
        .filter(({ rule }) => rule === id)
        .map(({ end }) => end)
        .sort()
        .at(-1)!,
  );
  expect(last.filter((end) => end < '02:00')).toEqual([]);
});

describe('a window whose run takes longer than a flush', () => {
  it('is tried again and told, then given up with its reason; other rules and windows go on', async () => {
    const one = count(A, 1, '1h', '1h');
    const app = new SlowApp([one, count(B, 2, '1h', '1h')]);
    await app.flush(T0);
    await app.events(T0 + MINUTE, [
      ...Array.from({ length: 12 }, (_, i) => [T0 + MINUTE, 1, `C${i}`] as const),
      [T0 + MINUTE, 2],
    ]);
    const hash = one.stream.legs[0]!.hash;
    app.pageSize = 1;
    app.cost = (call) =>
      call.kind === 'page' && call.range.partitionFrom.startsWith(hash) && call.range.select === undefined
        ? 25 * SECOND
        : 20;
    let now = T0 + HOUR + 6 * MINUTE;
    for (let tick = 0; tick < 12; tick++, now += 10 * MINUTE) {
      const result = await app.flush(now);
      expect(result?.took).toBeLessThan(10 * MINUTE);
      if (tick === 0) expect(app.sent.map(({ rule }) => rule)).toEqual([B]);
    }
    expect(app.logged.filter(({ message }) => message === 'window slow')).toHaveLength(12);
    expect(app.logged.filter(({ message }) => message === 'window failed')).toEqual([]);
    app.cost = () => 20;
    await app.events(now, [[now, 1]]);
    for (; now < T0 + 5 * HOUR; now += 10 * MINUTE) await app.flush(now);
    expect(app.logged).toContainEqual(
      expect.objectContaining({
        level: 'error',
        message: 'window failed',
        rule: A,
        window: '2026-01-01T01:00:00.000Z',
      }),
    );
    const outbox = { store: app.store, table: 'alerts' };
    const failures: string[] = [];
    for await (const { failure } of listWindows(outbox, A, T0, T0 + HOUR + 1)) failures.push(failure!);
    expect(failures).toEqual([expect.stringContaining('came to no end')]);
    expect(app.sent.filter(({ rule }) => rule === A).map(({ end }) => end)).toEqual(['04:00']);
  });

  it('is the last to be run, and alone, when it has ended its process twice', async () => {
    const rules = [count(A, 1, '1h', '1h'), count(B, 2, '1h', '1h')];
    const app = new SlowApp(rules);
    await app.flush(T0);
    await app.events(T0 + MINUTE, [
      [T0 + MINUTE, 1],
      [T0 + MINUTE, 2],
    ]);
    const hash = rules[0]!.stream.legs[0]!.hash;
    // One request that never ends: the process is ended with all that it does.
    app.cost = (call) =>
      call.kind === 'page' && call.range.partitionFrom.startsWith(hash) && call.range.select === undefined
        ? 11 * MINUTE
        : 2 * SECOND;
    const ticks: boolean[] = [];
    for (let tick = 0; tick < 4; tick++)
      ticks.push((await app.flush(T0 + HOUR + (6 + 10 * tick) * MINUTE)) !== undefined);
    expect(ticks).toEqual([false, false, false, false]);
    expect(app.sent.map(({ rule }) => rule)).toEqual([B]);
  });
});

describe('requests of a flush', () => {
  const plans = Array.from({ length: 200 }, (_, i) =>
    count(`11111111-2222-4333-8444-${String(i).padStart(12, '0')}`, i, '1h', '1h'),
  );

  it('grow with the windows that hold state, and not with the rules', async () => {
    const app = new SlowApp(plans);
    await app.flush(T0);
    // A rule begins with the last window before it was deployed.
    for (let tick = 6; (await app.flush(T0 + tick * MINUTE))!.windows > 0; tick++) expect(tick).toBeLessThan(20);
    const idle = await app.flush(T0 + 30 * MINUTE);
    expect(idle!.requests).toBeLessThan(40);
    await app.events(
      T0 + 40 * MINUTE,
      [7, 77, 177].map((id) => [T0 + 40 * MINUTE, id] as const),
    );
    const due = await app.flush(T0 + HOUR + 6 * MINUTE);
    expect(due).toMatchObject({ created: 3, sent: 3 });
    // Of the others, fifty are moved on by each flush.
    expect(due!.requests).toBeLessThan(idle!.requests + 3 * 15 + 50 * 5);
    let moved = 50;
    for (let tick = 7; moved < 200; tick++, moved += 50) await app.flush(T0 + HOUR + tick * MINUTE);
    const rested = await app.flush(T0 + HOUR + 30 * MINUTE);
    expect(rested!.requests).toBeLessThan(40);
    expect(rested).toMatchObject({ windows: 0 });
  });
});
