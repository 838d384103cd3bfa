import { activatePlans, lineageOf } from '../../src/engine/activation';
import { deleteCursor, owns, readCursors } from '../../src/engine/rule-cursor';
import type { RulePlan } from '../../src/plan/rule-plan';
import { MemoryStore } from '../../src/state/memory';
import { engineOptions } from '../support/engine-options';
import { HOUR, MINUTE, T0, testPlan } from '../support/world';

const FIRST = testPlan({ query: 'Event | where EventID == 1 | summarize N = count() by Computer' });
const SECOND = testPlan({ query: 'Event | where EventID == 2 | summarize N = count() by Computer' });

const activate = (store: MemoryStore, plans: readonly RulePlan[], now: number): Promise<boolean> =>
  activatePlans(engineOptions(store), { plans, isDeployed: async () => true }, now);

/** Lineages that a window belongs to. */
async function ownersOf(store: MemoryStore, end: number): Promise<string[]> {
  return (await readCursors(store, 'control')).filter((cursor) => owns(cursor, end)).map(({ lineage }) => lineage);
}

describe('a rule that is changed by two processes at the same time', () => {
  it('never has two plans open, wherever one of them is cut off by the other', async () => {
    for (let step = 0; step < 12; step++) {
      const store = new MemoryStore();
      await activate(store, [FIRST], T0);
      let calls = 0;
      let other: Promise<boolean> | undefined;
      // The other one rolls the change back before the n-th write of this one.
      store.hooks.before = async (call) => {
        if (call.kind !== 'transact' || calls++ !== step || other) return;
        store.hooks.before = () => undefined;
        other = activate(store, [FIRST], T0 + MINUTE);
        await other;
      };
      await activate(store, [SECOND], T0 + MINUTE);
      store.hooks.before = () => undefined;
      for (let hour = 1; hour < 8; hour++)
        expect([step, hour, (await ownersOf(store, T0 + hour * HOUR)).length]).toEqual([step, hour, 1]);
    }
  });

  it('begins once: a flush that stood still since there was no plan, and knows another, begins nothing', async () => {
    for (const isForgotten of [false, true]) {
      for (let step = 0; step < 2; step++) {
        const store = new MemoryStore();
        let calls = 0;
        store.hooks.before = async (call) => {
          if (call.kind !== 'transact' || calls++ !== step) return;
          store.hooks.before = () => undefined;
          await activate(store, [SECOND], T0 + MINUTE);
          if (!isForgotten) return;
          for (const cursor of await readCursors(store, 'control')) await deleteCursor(store, 'control', cursor);
        };
        expect([step, await activate(store, [FIRST], T0)]).toEqual([step, false]);
        expect(await ownersOf(store, T0 + HOUR)).toEqual(isForgotten ? [] : [lineageOf(SECOND)]);
      }
    }
  });

  it('is not cut in half by a process that is killed', async () => {
    for (let step = 0; step < 6; step++) {
      const store = new MemoryStore();
      await activate(store, [FIRST], T0);
      await activate(store, [SECOND], T0 + MINUTE);
      let calls = 0;
      store.hooks.before = (call) => {
        if (call.kind === 'transact' && calls++ === step) throw new Error('killed');
      };
      await activate(store, [FIRST], T0 + 2 * MINUTE).catch(() => undefined);
      store.hooks.before = () => undefined;
      for (let hour = 1; hour < 8; hour++) expect(await ownersOf(store, T0 + hour * HOUR)).toHaveLength(1);
      expect(await activate(store, [FIRST], T0 + 3 * MINUTE)).toBe(true);
      expect(await ownersOf(store, T0 + 7 * HOUR)).toEqual([lineageOf(FIRST)]);
    }
  });

  it('that is removed and comes back as another soon after: windows of the first are not judged again', async () => {
    const store = new MemoryStore();
    await activate(store, [FIRST], T0);
    await activate(store, [], T0 + 10 * MINUTE);
    await activate(store, [SECOND], T0 + 12 * MINUTE);
    expect(await ownersOf(store, T0 + HOUR)).toEqual([lineageOf(FIRST)]);
    expect(await ownersOf(store, T0 + 2 * HOUR)).toEqual([lineageOf(SECOND)]);
    // And back to the first, which has windows left: not before they have run.
    expect(await activate(store, [FIRST], T0 + 14 * MINUTE)).toBe(false);
    expect(await ownersOf(store, T0 + 2 * HOUR)).toEqual([lineageOf(SECOND)]);
  });
});
