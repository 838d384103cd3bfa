import { activatePlans, lineageOf } from '../../src/engine/activation';
import { Flusher } from '../../src/engine/flush';
import { readCursors } from '../../src/engine/rule-cursor';
import { RuleSource } from '../../src/engine/rule-source';
import { MemoryStore } from '../../src/state/memory';
import { engineOptions } from '../support/engine-options';
import { fakeClock } from '../support/fake-clock';
import { HOUR, MINUTE, T0, testPlan, World } from '../support/world';

const FIRST = testPlan({ query: 'Event | where EventID == 1 | summarize N = count() by Computer' });
const EDITED = testPlan({ query: 'Event | where EventID in (1, 2) | summarize N = count() by Computer' });
const SECOND = testPlan({
  query: 'Event | where EventID == 2 | summarize N = count() by Computer',
  id: '22222222-2222-4333-8444-555555555555',
});

describe('an instance that knows other rules', () => {
  fakeClock();

  it('and is gone again after a flush leaves the rules that are deployed in force', async () => {
    const world = new World();
    world.deploy(FIRST, SECOND);
    await world.flush(T0);
    const old = new World(world.store);
    old.deploy(FIRST);
    await old.flush(T0 + 3 * MINUTE);
    for (let minute = 5; minute < 10 * 60; minute += 5) {
      await world.event(T0 + minute * MINUTE, { EventID: 2 });
      await world.flush(T0 + minute * MINUTE);
    }
    expect(world.alerts.map(({ WindowEnd }) => Number(WindowEnd.slice(11, 13)))).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9]);
  });

  it('which are no longer deployed once it has read what is in force puts nothing in force', async () => {
    const store = new MemoryStore();
    const options = engineOptions(store);
    const calls: string[] = [];
    store.hooks.before = (call) => void calls.push(call.kind);
    const isDeployed = async (): Promise<boolean> => {
      calls.push('asked');
      return false;
    };
    expect(await activatePlans(options, { plans: [FIRST], isDeployed }, T0)).toBe(false);
    expect(calls).toEqual(['page', 'asked']);
    expect(await readCursors(store, 'control')).toEqual([]);
  });

  it('does not keep an evaluation beside it from the plan whose windows are open', async () => {
    const store = new MemoryStore();
    let deployed = { version: '1', plans: [FIRST] };
    const options = engineOptions(store, { deployedPlans: async () => deployed });
    await new Flusher(new RuleSource(options), options).flush(T0);
    const ticks = jest.spyOn(performance, 'now').mockReturnValue(0);
    const source = new RuleSource(options);
    await source.current(T0 + HOUR);
    // Later two partitions are evaluated at the same time. The first has asked for the deployment, and reads the cursors …
    ticks.mockReturnValue(HOUR);
    let second: Promise<unknown> | undefined;
    store.hooks.before = async (call) => {
      if (call.kind !== 'page' || second) return;
      // … when rules are deployed, and the second asks for them.
      deployed = { version: '2', plans: [EDITED] };
      second = source.current(T0 + HOUR + 2 * MINUTE);
      await second;
    };
    const first = await source.current(T0 + HOUR + 2 * MINUTE);
    expect(first.rules.map(({ lineage }) => lineage)).toContain(lineageOf(FIRST));
    // The next one knows both.
    const next = await source.current(T0 + HOUR + 2 * MINUTE);
    ticks.mockRestore();
    expect(next.rules.map(({ lineage }) => lineage)).toEqual([lineageOf(EDITED), lineageOf(FIRST)]);
  });
});
