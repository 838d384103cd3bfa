import { readAlert } from '../../../src/alerts/delivery/alert-rows';
import { type DeliverOptions, deliver } from '../../../src/alerts/delivery/deliver';
import { type Publication, publishWindow } from '../../../src/alerts/delivery/publish';
import { countPending, forgetWindows } from '../../../src/alerts/delivery/retention';
import { listWindows, lookupWindow, type Outbox, WindowLost } from '../../../src/alerts/delivery/windows';
import type { AlertJson, SendResult, Sink } from '../../../src/alerts/sinks/sink';
import { StoreUnavailable } from '../../../src/state/errors';
import { MemoryStore } from '../../../src/state/memory';
import { TableStore } from '../../../src/state/table';
import { type Azurite, startAzurite } from '../../support/azurite';

jest.setTimeout(60_000);

const HOUR = 3_600_000;
const T = Date.parse('2026-01-01T12:00:00Z');
const key = { ruleId: '50cbf34a-4cdd-45d7-b3f5-8b53a1d0d14f', windowEnd: T };
interface TestAlert extends AlertJson {
  readonly Text?: string;
}

const alert = (id: string, text = ''): TestAlert =>
  asAlert({ SystemAlertId: id, Revision: 0, AlertName: 'n', Text: text });

function asAlert(fields: TestAlert & { AlertName: string }): TestAlert {
  return fields;
}

class Collector implements Sink {
  readonly got: TestAlert[] = [];
  readonly calls: number[] = [];
  constructor(
    readonly name: string,
    public answer: (alerts: readonly AlertJson[]) => SendResult | Promise<SendResult> = () => ({ failed: [] }),
  ) {}
  async send(alerts: readonly AlertJson[]): Promise<SendResult> {
    this.calls.push(alerts.length);
    const result = await this.answer(alerts);
    const failed = new Set(result.failed.map((f) => f.index));
    this.got.push(...alerts.filter((_, i) => !failed.has(i)));
    return result;
  }
  ids(): string[] {
    return this.got.map((a) => `${a.SystemAlertId}.${a.Revision}`);
  }
}

const textOf = async (outbox: Outbox, revision: number) =>
  ((await readAlert(outbox, key, 'a', revision)) as TestAlert | undefined)?.Text;

const fail = (alerts: readonly AlertJson[]): SendResult => ({
  failed: alerts.map((_, index) => ({ index, reason: 'down' })),
});

async function publish(
  outbox: Outbox,
  ids: readonly (string | AlertJson)[],
  more: Partial<Publication> = {},
  at = key,
) {
  const window = await lookupWindow(outbox, at);
  const alerts = ids.map((id) => (typeof id === 'string' ? alert(id) : id));
  return publishWindow(outbox, window, { planHash: 'plan', alerts, sinks: ['one', 'two'], now: T, ...more });
}

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

  it('lets a run that was overtaken publish nothing, at whatever step it slept', async () => {
    let lost = 0;
    for (let n = 0; n < 6; n++) {
      const store = new MemoryStore();
      const outbox = { store, table: 'outbox' };
      const one = new Collector('one');
      let step = 0;
      const slow = await lookupWindow(outbox, key);
      store.hooks = {
        before: async () => {
          if (step++ !== n) return;
          store.hooks = {};
          await publish(outbox, [alert('a', 'new')], { sinks: ['one'] });
        },
      };
      const result = await publishWindow(outbox, slow, {
        planHash: 'p',
        alerts: [alert('a', 'old')],
        sinks: ['one'],
        now: T,
      }).catch((e) => e);
      store.hooks = {};
      if (result instanceof WindowLost) lost++;
      else expect(step).toBeLessThanOrEqual(n);
      await deliver(outbox, [one], { now: T + HOUR });
      expect(one.got.map((a) => a.Text)).toEqual([step > n ? 'new' : 'old']);
    }
    expect(lost).toBe(4);
  });

  it('loses nothing and sends nothing unready when publish or deliver die at any step', async () => {
    let kills = 0;
    for (const where of ['before', 'after'] as const)
      for (const verb of ['publish', 'deliver', 'correct'] as const)
        for (let n = 0; ; n++) {
          const store = new MemoryStore();
          const outbox = { store, table: 'outbox' };
          const [one, two] = [new Collector('one'), new Collector('two')];
          if (verb !== 'publish') await publish(outbox, ['a', 'b']);
          if (verb === 'correct') await deliver(outbox, [one], { now: T });
          let step = 0;
          store.hooks = {
            [where]: () => {
              if (step++ === n) throw new StoreUnavailable('killed');
            },
          };
          const ids = verb === 'correct' ? [alert('a', 'x'), 'c'] : ['a', 'b'];
          const action = verb === 'deliver' ? deliver(outbox, [one, two], { now: T }) : publish(outbox, ids);
          const failed = await action.then(
            () => undefined,
            (error) => error,
          );
          store.hooks = {};
          if (!failed) break;
          kills++;
          const manifest = (await lookupWindow(outbox, key)).manifest.map((e) => `${e.id}.${e.revision}`);
          await deliver(outbox, [one, two], { now: T + HOUR });
          expect(two.ids().every((id) => manifest.includes(id))).toBe(true);
          await publish(outbox, ids);
          await deliver(outbox, [one, two], { now: T + 2 * HOUR });
          const final = (await lookupWindow(outbox, key)).manifest;
          for (const sink of [one, two])
            for (const { id, revision } of final) expect(sink.ids()).toContain(`${id}.${revision}`);
          const text = one.got.filter((a) => a.SystemAlertId === 'a').at(-1)?.Text;
          expect(text).toBe(verb === 'correct' ? 'x' : '');
          expect(new Set(one.got.map((a) => JSON.stringify([a.SystemAlertId, a.Revision]))).size).toBe(
            new Set(one.got.map((a) => JSON.stringify(a))).size,
          );
          expect(await countPending(outbox, 'one', 10)).toBe(0);
        }
    expect(kills).toBeGreaterThan(30);
  });

  it('loses nothing when a delivery runs between any two steps of a publication', async () => {
    for (const where of ['before', 'after'] as const)
      for (let n = 0; ; n++) {
        const store = new MemoryStore();
        const outbox = { store, table: 'outbox' };
        const one = new Collector('one');
        await publish(outbox, ['a', 'b'], { sinks: ['one'] });
        let step = 0;
        let hit = false;
        const hook = async () => {
          if (step++ !== n) return;
          hit = true;
          store.hooks = {};
          const { manifest } = await lookupWindow(outbox, key);
          await deliver(outbox, [one], { now: T + HOUR });
          expect(one.ids()).toEqual(manifest.map((e) => `${e.id}.${e.revision}`));
        };
        store.hooks = { [where]: hook };
        await publish(outbox, [alert('a', 'changed'), 'b', 'c'], { sinks: ['one'] });
        store.hooks = {};
        if (!hit) break;
        await deliver(outbox, [one], { now: T + 2 * HOUR });
        expect(one.ids()).toEqual(expect.arrayContaining(['a.2', 'b.1', 'c.1']));
        expect(new Set(one.ids()).size).toBe(one.ids().length);
        expect(await countPending(outbox, 'one', 10)).toBe(0);
      }
  });

  it('loses nothing when a publication runs between any two steps of a delivery', async () => {
    for (const where of ['before', 'after'] as const)
      for (let n = 0; ; n++) {
        const store = new MemoryStore();
        const outbox = { store, table: 'outbox' };
        const one = new Collector('one');
        await publish(outbox, ['a', 'b'], { sinks: ['one'] });
        let step = 0;
        let hit = false;
        const hook = async () => {
          if (step++ !== n) return;
          hit = true;
          store.hooks = {};
          await publish(outbox, [alert('a', 'changed'), 'b', 'c'], { sinks: ['one'] });
        };
        store.hooks = { [where]: hook };
        await deliver(outbox, [one], { now: T });
        store.hooks = {};
        if (!hit) break;
        await deliver(outbox, [one], { now: T + HOUR });
        expect(one.ids()).toEqual(expect.arrayContaining(['a.2', 'b.1', 'c.1']));
        expect(new Set(one.ids()).size).toBe(one.ids().length);
        expect(await countPending(outbox, 'one', 10)).toBe(0);
      }
  });

  it('goes on when the clock has stepped back to a time that was a due time before', async () => {
    const outbox = fresh();
    const one = new Collector('one', fail);
    await publish(outbox, ['a'], { sinks: ['one'], now: T + 30_000 });
    await deliver(outbox, [one], { now: T + 30_000 });
    await deliver(outbox, [one], { now: T + 60_000 });
    one.answer = () => ({ failed: [{ index: 0, reason: 'wait' }], retryAfter: 120_000 });
    await deliver(outbox, [one], { now: T + 120_000 });
    expect(await countPending(outbox, 'one', 10)).toBe(1);
  });

  it('says that a window is being written until its result is published', async () => {
    const phases: string[] = [];
    const store = new MemoryStore();
    const outbox = { store, table: 'outbox' };
    store.hooks = {
      before: async (call) => {
        if (call.kind !== 'transact') return;
        const { hooks } = store;
        store.hooks = {};
        phases.push((await lookupWindow(outbox, key)).phase);
        store.hooks = hooks;
      },
    };
    const { window } = await publish(outbox, ['a'], { sinks: ['one'] });
    expect([...phases, window.phase]).toEqual(['none', 'writing', 'writing', 'writing', 'ready']);
  });

  it('forgets old windows in bounded steps and keeps the others', async () => {
    const outbox = fresh();
    for (let n = 0; n < 5; n++) await publish(outbox, ['a', 'b'], {}, { ...key, windowEnd: T + n * HOUR });
    await deliver(outbox, [new Collector('one')], { now: T });
    let calls = 0;
    while ((await forgetWindows(outbox, key.ruleId, T + 3 * HOUR, 5)) === 5) calls++;
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
