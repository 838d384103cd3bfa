import { deliver } from '../../src/alerts/delivery/deliver';
import { StoreUnavailable } from '../../src/state/errors';
import { MemoryStore } from '../../src/state/memory';
import { HOUR, MINUTE } from '../support/stream';
import { at, countOf, countRule, events, Gate, process, standing, TABLES } from './interleaving';
import { chaosRules } from './rules';

/** A window that is forgotten soon. */
const SOON = { maxLateMs: 12 * MINUTE };

describe('a flush that stood still while others went on', () => {
  it('does not judge a window by what is left of its state', async () => {
    const plan = countRule(false);
    const store = new MemoryStore();
    await process(plan, store).flush(at(0));
    await process(plan, store).evaluate(events(1, 2));
    await process(plan, store).flush(at(16));
    await process(plan, store).evaluate(events(2, 3));
    const gate = new Gate();
    // It has read the note of the late event, and where the rule stood then.
    const zombie = process(plan, gate.overLookups(store), [], SOON).flush(at(17));
    await gate.reached;
    await process(plan, store, [], SOON).flush(at(17));
    await process(plan, store, [], SOON).flush(at(90));
    await process(plan, store, [], SOON).flush(at(90));
    expect(store.dump(TABLES.state)).toEqual([]);
    gate.release();
    await zombie;
    expect(await countOf(plan, store)).toBe(2);
    expect(await standing(plan, store, 10)).toHaveLength(1);
  });
});

describe('a run that was cut off before it was ready, and other rules that took its place', () => {
  it.each([
    ['with the same state', 1, [2]],
    ['with other state', 2, [1]],
  ] as const)('%s', async (_name, version, revisions) => {
    const { versions } = chaosRules()[1]!;
    const store = new MemoryStore();
    const received: { SystemAlertId: string; Revision: number }[] = [];
    const sink = {
      name: 's',
      send: async (alerts: readonly { SystemAlertId: string; Revision: number }[]) => {
        received.push(...alerts);
        return { failed: [] };
      },
    };
    await process(versions[0]!.plan, store).flush(at(0));
    await process(versions[0]!.plan, store).evaluate(events(1, 2, 3));
    store.hooks.before = (call) => {
      const [first] = call.kind === 'transact' && call.table === TABLES.alerts ? call.operations : [];
      if (first && first.kind !== 'delete' && first.properties.phase === 'ready') throw new StoreUnavailable('cut off');
    };
    await expect(process(versions[0]!.plan, store, [sink]).flush(at(16))).rejects.toThrow('cut off');
    store.hooks.before = () => undefined;
    await deliver({ store, table: TABLES.alerts }, [sink], { now: at(16) });
    expect(received).toEqual([]);
    await process(versions[version]!.plan, store, [sink]).flush(at(17));
    await process(versions[version]!.plan, store, [sink]).flush(at(19));
    const [entry, ...more] = await standing(versions[version]!.plan, store, 10);
    expect(more).toEqual([]);
    expect(received.map(({ SystemAlertId, Revision }) => [SystemAlertId, Revision])).toEqual(
      revisions.map((revision) => [entry!.id, revision]),
    );
    expect(await countOf(versions[version]!.plan, store)).toBe(2);
  });
});

describe('a rule that fires on silence, across an outage', () => {
  it('waits for what is unread, fires incomplete when it may wait no longer, and takes it back', async () => {
    /** Every 5 minutes over 15, where there is none. */
    const { plan } = chaosRules()[10]!.versions[1]!;
    const store = new MemoryStore();
    const source = { namespace: 'n', hub: 'h', partition: '0' };
    const options = {
      hubEnds: async () => [{ source, lastSequenceNumber: 1 }],
      maxWaitMs: HOUR,
    };
    await process(plan, store, [], options).flush(at(0));
    expect(await process(plan, store, [], options).flush(at(11))).toMatchObject({ windows: 0, waiting: 1 });
    await process(plan, store, [], options).flush(at(71));
    expect(await standing(plan, store, 5)).toHaveLength(1);
    await process(plan, store, [], options).evaluate(events(1, 3));
    const { corrections, withdrawn } = await process(plan, store, [], options).flush(at(72));
    // The event is one of three windows: all of them said that there was none.
    expect([corrections, withdrawn]).toEqual([3, 3]);
    expect(await standing(plan, store, 5)).toHaveLength(0);
  });
});
