import { readAlert } from '../../../src/alerts/delivery/alert-rows';
import { type DeliverOptions, deliver } from '../../../src/alerts/delivery/deliver';
import { rulePartition } from '../../../src/alerts/delivery/keys';
import { countPending, forgetWindows } from '../../../src/alerts/delivery/retention';
import { listWindows, lookupWindow, type Outbox } from '../../../src/alerts/delivery/windows';
import type { AlertJson, Sink } from '../../../src/alerts/sinks/sink';
import { MemoryStore } from '../../../src/state/memory';
import { TableStore } from '../../../src/state/table';
import { type Azurite, startAzurite } from '../../support/azurite';
import { alert, Collector, fail, HOUR, key, publish, T, textOf } from './outbox';

jest.setTimeout(60_000);

function suite(open: () => Outbox): void {
  let outbox: Outbox;
  beforeEach(() => {
    outbox = open();
  });
  const tick = (sinks: Sink[], now = T, more: Partial<DeliverOptions> = {}) => deliver(outbox, sinks, { now, ...more });

  it('sends each alert of a ready window once to every sink', async () => {
    await publish(outbox, ['a', 'b']);
    const [one, two] = [new Collector('one'), new Collector('two')];
    const results = await tick([one, two]);
    expect(results.map(({ sent, failed, windows, more }) => ({ sent, failed, windows, more }))).toEqual(
      [one, two].map(() => ({ sent: 2, failed: 0, windows: 1, more: false })),
    );
    await tick([one, two], T + HOUR);
    expect(one.ids()).toEqual(['a.1', 'b.1']);
    expect(two.ids()).toEqual(['a.1', 'b.1']);
    expect(await countPending(outbox, 'one', 10)).toBe(0);
  });

  it('keeps what the window says', async () => {
    const { window } = await publish(outbox, ['a'], { incomplete: true, suppressedUntil: T + HOUR });
    expect(window).toMatchObject({
      ...key,
      attempt: 1,
      phase: 'ready',
      revision: 1,
      planHash: 'plan',
      incomplete: true,
      suppressedUntil: T + HOUR,
    });
    expect(await lookupWindow(outbox, key)).toEqual(window);
    await publish(outbox, [], {}, { ...key, windowEnd: T + HOUR });
    const ends = [];
    for await (const w of listWindows(outbox, key.ruleId, T, T + 2 * HOUR)) ends.push([w.windowEnd, w.manifest.length]);
    expect(ends).toEqual([
      [T, 1],
      [T + HOUR, 0],
    ]);
  });

  it('sends a correction under the same id, and nothing of what stayed the same', async () => {
    const one = new Collector('one');
    await publish(outbox, ['a', 'b', 'c']);
    await tick([one]);
    const withdraw = (old: AlertJson) => ({ ...old, Status: 'Withdrawn' });
    const second = await publish(outbox, [alert('a', 'changed'), 'b'], { withdraw });
    expect(second).toMatchObject({ created: 0, revised: 1, withdrawn: 1, unchanged: 1 });
    await tick([one]);
    expect(one.ids().slice(3)).toEqual(['a.2', 'c.2']);
    expect(one.got[4]).toMatchObject({ Status: 'Withdrawn' });
    expect(await publish(outbox, [alert('a', 'changed'), 'b'], { withdraw })).toMatchObject({
      revised: 0,
      withdrawn: 0,
      unchanged: 3,
    });
    expect(await publish(outbox, ['c', 'b', alert('a', 'changed')])).toMatchObject({ revised: 1, unchanged: 2 });
    await tick([one]);
    expect(one.ids().slice(5)).toEqual(['c.3']);
  });

  it('does not let a failing sink stop another, and sends it everything later', async () => {
    const [one, two] = [new Collector('one', fail), new Collector('two')];
    await publish(outbox, ['a', 'b']);
    const [first] = await tick([one, two]);
    expect(first).toMatchObject({ sent: 0, failed: 2 });
    expect([...first!.reasons]).toEqual(['down']);
    expect(two.ids()).toEqual(['a.1', 'b.1']);
    await tick([one, two], T + 29_000);
    expect(one.calls).toHaveLength(1);
    await tick([one, two], T + 30_000);
    expect(one.calls).toHaveLength(2);
    one.answer = () => ({ failed: [] });
    await tick([one, two], T + 89_000);
    expect(one.ids()).toEqual([]);
    await tick([one, two], T + 90_000);
    expect(one.ids()).toEqual(['a.1', 'b.1']);
    expect(two.ids()).toEqual(['a.1', 'b.1']);
  });

  it('waits no longer than an hour, whatever the receiver asks for, and asks it for nothing more before', async () => {
    const one = new Collector('one', () => ({ failed: [{ index: 1, reason: '429' }], retryAfter: 1e12 }));
    await publish(outbox, ['a', 'b', 'c', 'd']);
    const [first] = await deliver(outbox, [one], { now: T, batchAlerts: 2 });
    expect(first).toMatchObject({ sent: 1, failed: 1, more: true });
    expect(one.calls).toHaveLength(1);
    one.answer = () => ({ failed: [] });
    await tick([one], T + 3_599_999);
    expect(one.ids()).toEqual(['a.1']);
    await tick([one], T + 3_600_000);
    expect(one.ids()).toEqual(['a.1', 'b.1', 'c.1', 'd.1']);
  });

  it('sends again only the alerts that failed, when the receiver wants them', async () => {
    const one = new Collector('one', () => ({ failed: [{ index: 1, reason: '429' }], retryAfter: 600_000 }));
    await publish(outbox, ['a', 'b', 'c']);
    await tick([one]);
    one.answer = () => ({ failed: [] });
    await tick([one], T + 599_999);
    expect(one.ids()).toEqual(['a.1', 'c.1']);
    await tick([one], T + 600_000);
    expect(one.ids()).toEqual(['a.1', 'c.1', 'b.1']);
  });
}

describe('delivery over the memory store', () => {
  const fresh = () => ({ store: new MemoryStore(), table: 'outbox' });
  suite(fresh);

  it('bounds a tick and goes on in the next, windows of many alerts and many windows alike', async () => {
    const outbox = fresh();
    const one = new Collector('one');
    await publish(
      outbox,
      Array.from({ length: 25 }, (_, i) => `a${i}`),
    );
    for (let n = 1; n <= 10; n++) await publish(outbox, [`w${n}`], {}, { ...key, windowEnd: T + n * HOUR });
    const options = { now: T, maxAlerts: 10, batchAlerts: 4 };
    const [first] = await deliver(outbox, [one], options);
    expect(first).toMatchObject({ sent: 10, more: true });
    expect(one.calls).toEqual([4, 4, 2]);
    for (let n = 0; n < 3; n++) await deliver(outbox, [one], options);
    expect(one.got).toHaveLength(35);
    expect(new Set(one.ids()).size).toBe(35);
    const [last] = await deliver(outbox, [one], options);
    expect(last).toMatchObject({ windows: 0, more: false });
  });

  it('reads nothing of what was delivered before', async () => {
    const store = new MemoryStore();
    const outbox = { store, table: 'outbox' };
    const one = new Collector('one');
    for (let n = 0; n < 30; n++)
      await publish(outbox, [`w${n}`], { sinks: ['one'] }, { ...key, windowEnd: T + n * HOUR });
    await deliver(outbox, [one], { now: T });
    let steps = 0;
    store.hooks = { before: () => void steps++ };
    await deliver(outbox, [one], { now: T });
    expect(steps).toBe(1);
  });

  it('gives a dead sink one batch a tick, with the rest of its backlog untouched', async () => {
    const outbox = fresh();
    const one = new Collector('one', fail);
    for (let n = 0; n < 20; n++)
      await publish(outbox, [`w${n}`], { sinks: ['one'] }, { ...key, windowEnd: T + n * HOUR });
    await deliver(outbox, [one], { now: T, batchAlerts: 5 });
    expect(one.calls).toEqual([5]);
    one.answer = () => ({ failed: [] });
    await deliver(outbox, [one], { now: T + 30_000 });
    expect(one.got).toHaveLength(20);
  });

  it('sends nothing in shadow mode', async () => {
    const store = new MemoryStore();
    await publish({ store, table: 'outbox' }, ['a'], { sinks: [] });
    expect(store.dump('outbox').some((e) => e.partitionKey.startsWith('pending'))).toBe(false);
  });

  it('writes a window without alerts in one transaction', async () => {
    const calls: string[] = [];
    const store = new MemoryStore({ before: (call) => void calls.push(call.kind) });
    await publish({ store, table: 'outbox' }, []);
    expect(calls).toEqual(['get', 'transact']);
  });

  it('carries an alert of several megabytes', async () => {
    const outbox = fresh();
    const text = 'x'.repeat(5_000_000);
    await publish(outbox, [alert('a', text)]);
    expect(await textOf(outbox, 1)).toBe(text);
    await publish(outbox, [alert('a', `${text}y`)]);
    expect(await textOf(outbox, 1)).toBe(text);
    expect(await textOf(outbox, 2)).toBe(`${text}y`);
  });

  it('refuses one id twice', async () => {
    await expect(publish(fresh(), ['a', 'a'])).rejects.toThrow(RangeError);
  });

  it('forgets old windows in bounded steps and keeps the others', async () => {
    const outbox = fresh();
    for (let n = 0; n < 5; n++) await publish(outbox, ['a', 'b'], {}, { ...key, windowEnd: T + n * HOUR });
    await deliver(outbox, [new Collector('one')], { now: T });
    let calls = 0;
    while ((await forgetWindows(outbox, rulePartition(key.ruleId), T + 3 * HOUR, 5)) === 5) calls++;
    expect(calls).toBe(2);
    const ends = [];
    for await (const w of listWindows(outbox, key.ruleId, 0, T + 9 * HOUR)) ends.push(w.windowEnd);
    expect(ends).toEqual([T + 3 * HOUR, T + 4 * HOUR]);
    expect(await readAlert(outbox, { ...key, windowEnd: T }, 'a', 1)).toBeUndefined();
    expect(await readAlert(outbox, { ...key, windowEnd: T + 3 * HOUR }, 'a', 1)).toBeDefined();
    await deliver(outbox, [new Collector('two')], { now: T });
    expect(await countPending(outbox, 'two', 10)).toBe(0);
  });
});

describe('delivery over Table Storage', () => {
  let azurite: Azurite;
  let store: TableStore;
  let tables = 0;
  beforeAll(async () => {
    azurite = await startAzurite();
    store = new TableStore({ connectionString: azurite.connectionString });
  }, 60_000);
  afterAll(() => azurite?.stop());
  suite(() => ({ store, table: `outbox${tables++}` }));
});
