import { deliver } from '../../../src/alerts/delivery/deliver';
import { publishWindow } from '../../../src/alerts/delivery/publish';
import { lookupWindow, WindowLost } from '../../../src/alerts/delivery/windows';
import { StoreUnavailable } from '../../../src/state/errors';
import { MemoryStore } from '../../../src/state/memory';
import { alert, Collector, countPending, fail, HOUR, key, publish, T } from './outbox';

jest.setTimeout(60_000);

describe('delivery and publication, interleaved', () => {
  const fresh = () => ({ store: new MemoryStore(), table: 'outbox' });

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
          expect(await countPending(outbox, 'one')).toBe(0);
        }
    expect(kills).toBeGreaterThan(30);
  });

  type Step = (outbox: { store: MemoryStore; table: string }, one: Collector) => Promise<unknown>;

  /** Runs `other` between any two steps of `main`, over a window of two alerts each time; what is left comes with a last delivery. */
  async function betweenSteps(main: Step, other: Step): Promise<void> {
    for (const where of ['before', 'after'] as const)
      for (let n = 0; ; n++) {
        const outbox = fresh();
        const one = new Collector('one');
        await publish(outbox, ['a', 'b'], { sinks: ['one'] });
        let step = 0;
        let hit = false;
        const hook = async () => {
          if (step++ !== n) return;
          hit = true;
          outbox.store.hooks = {};
          await other(outbox, one);
        };
        outbox.store.hooks = { [where]: hook };
        await main(outbox, one);
        outbox.store.hooks = {};
        if (!hit) break;
        await deliver(outbox, [one], { now: T + 2 * HOUR });
        expect(one.ids()).toEqual(expect.arrayContaining(['a.2', 'b.1', 'c.1']));
        expect(new Set(one.ids()).size).toBe(one.ids().length);
        expect(await countPending(outbox, 'one')).toBe(0);
      }
  }
  const correct: Step = (outbox) => publish(outbox, [alert('a', 'changed'), 'b', 'c'], { sinks: ['one'] });

  it('loses nothing when a delivery runs between any two steps of a publication', () =>
    betweenSteps(correct, async (outbox, one) => {
      const { manifest } = await lookupWindow(outbox, key);
      await deliver(outbox, [one], { now: T + HOUR });
      expect(one.ids()).toEqual(manifest.map((e) => `${e.id}.${e.revision}`));
    }));

  it('loses nothing when a publication runs between any two steps of a delivery', () =>
    betweenSteps((outbox, one) => deliver(outbox, [one], { now: T }), correct));

  it('goes on when the clock has stepped back to a time that was a due time before', async () => {
    const outbox = fresh();
    const one = new Collector('one', fail);
    await publish(outbox, ['a'], { sinks: ['one'], now: T + 30_000 });
    await deliver(outbox, [one], { now: T + 30_000 });
    await deliver(outbox, [one], { now: T + 60_000 });
    one.answer = () => ({ failed: [{ index: 0, reason: 'wait' }], retryAfter: 120_000 });
    await deliver(outbox, [one], { now: T + 120_000 });
    expect(await countPending(outbox, 'one')).toBe(1);
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
});
