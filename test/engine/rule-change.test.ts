import { readCursors } from '../../src/engine/rule-cursor';
import { fakeClock } from '../support/fake-clock';
import { HOUR, MINUTE, T0, testPlan, World } from '../support/world';

const plan = (query: string) => testPlan({ query });

fakeClock();

/** An event every ten minutes and a flush every five, from one hour to another. */
async function hours(world: World, from: number, to: number): Promise<void> {
  for (let at = T0 + from * HOUR; at < T0 + to * HOUR; at += 5 * MINUTE) {
    await world.flush(at);
    if ((at - T0) % (10 * MINUTE) === 0) await world.event(at + MINUTE);
  }
}

const COUNT = 'Event | where EventID == 1 | summarize N = count() by Computer';

describe('a rule that is changed while events flow', () => {
  it('keeps its state when only the flush stage is edited', async () => {
    const world = new World();
    world.deploy(plan(COUNT));
    await hours(world, 0, 2.5);
    world.deploy(plan(`${COUNT} | extend Twice = N * 2`));
    await hours(world, 2.5, 4.5);
    expect(world.results()).toEqual([
      '2026-01-01T01:00 r1 {"Computer":"A","N":6}',
      '2026-01-01T02:00 r1 {"Computer":"A","N":6}',
      '2026-01-01T03:00 r1 {"Computer":"A","N":6,"Twice":12}',
      '2026-01-01T04:00 r1 {"Computer":"A","N":6,"Twice":12}',
    ]);
    expect(await readCursors(world.store, 'control')).toHaveLength(1);
  });

  it('judges every window once, by the old plan until it may be complete under the new one', async () => {
    const world = new World();
    world.deploy(plan(COUNT));
    await hours(world, 0, 2.5);
    world.deploy(plan('Event | where EventID == 1 | summarize N = count(), Ids = dcount(EventID) by Computer'));
    await hours(world, 2.5, 7.5);
    expect(world.results()).toEqual([
      '2026-01-01T01:00 r1 {"Computer":"A","N":6}',
      '2026-01-01T02:00 r1 {"Computer":"A","N":6}',
      '2026-01-01T03:00 r1 {"Computer":"A","N":6}',
      // An event may be stamped an hour ahead: it was taken in when the new plan was not there yet.
      '2026-01-01T04:00 r1 {"Computer":"A","N":6}',
      '2026-01-01T05:00 r1 {"Computer":"A","N":6,"Ids":1}',
      '2026-01-01T06:00 r1 {"Computer":"A","N":6,"Ids":1}',
      '2026-01-01T07:00 r1 {"Computer":"A","N":6,"Ids":1}',
    ]);
  });

  it('says that windows of a new rule are incomplete as long as a process may not have counted for it', async () => {
    const world = new World();
    world.deploy();
    await world.event(T0 + 59.5 * MINUTE);
    world.deployToFlush(plan(COUNT));
    await world.flush(T0 + 59.6 * MINUTE);
    // Of the next window, and the rules of the process are less than a minute old.
    await world.event(T0 + 60.2 * MINUTE);
    await hours(world, 1.25, 5.5);
    expect(world.results().map((line) => line.slice(0, 16))).toEqual(
      [2, 3, 4, 5].map((hour) => `2026-01-01T0${hour}:00`),
    );
    expect(world.alerts[0]!.Results).toEqual([{ Computer: 'A', N: 4 }]);
    expect(world.alerts.map(({ Incomplete }) => Incomplete)).toEqual([true, true, false, false]);
  });

  it('ends a removed rule with the window that was open', async () => {
    const world = new World();
    world.deploy(plan(COUNT));
    await hours(world, 0, 2.5);
    world.deploy();
    await hours(world, 2.5, 6);
    expect(world.results().map((line) => line.slice(0, 16))).toEqual([
      '2026-01-01T01:00',
      '2026-01-01T02:00',
      '2026-01-01T03:00',
    ]);
  });

  it('goes back to a plan that has windows left', async () => {
    const world = new World();
    const first = plan(COUNT);
    world.deploy(first);
    await hours(world, 0, 2.5);
    world.deploy(plan('Event | where EventID == 1 | summarize N = count(), Ids = dcount(EventID) by Computer'));
    await hours(world, 2.5, 3);
    world.deploy(first);
    await hours(world, 3, 6.5);
    expect(world.results()).toEqual(
      [1, 2, 3, 4, 5, 6].map((hour) => `2026-01-01T0${hour}:00 r1 {"Computer":"A","N":6}`),
    );
  });

  it('keeps the windows of a plan that comes back: late events correct them', async () => {
    const world = new World();
    const first = plan(COUNT);
    world.deploy(first);
    await hours(world, 0, 2.5);
    world.deploy(plan('Event | where EventID == 1 | summarize N = count(), Ids = dcount(EventID) by Computer'));
    await hours(world, 2.5, 6.5);
    world.deploy(first);
    await hours(world, 6.5, 11.5);
    const before = world.results().length;
    await world.event(T0 + 11.5 * HOUR, { TimeGenerated: new Date(T0 + 2.2 * HOUR).toISOString() });
    await world.flush(T0 + 11.6 * HOUR);
    await world.event(T0 + 11.6 * HOUR, { TimeGenerated: new Date(T0 + 5.2 * HOUR).toISOString() });
    await world.flush(T0 + 11.7 * HOUR);
    expect(world.results().slice(before)).toEqual([
      '2026-01-01T03:00 r2 {"Computer":"A","N":7}',
      '2026-01-01T06:00 r2 {"Computer":"A","N":7,"Ids":1}',
    ]);
  });

  it('forgets a drained plan with its state when no event can be late for it any more', async () => {
    const world = new World();
    world.deploy(plan(COUNT));
    await hours(world, 0, 1.5);
    world.deploy(plan('Event | where EventID == 1 | summarize N = count(), Ids = dcount(EventID) by Computer'));
    await hours(world, 1.5, 2);
    expect(await readCursors(world.store, 'control')).toHaveLength(2);
    for (let hour = 2; hour < 30; hour++) await world.flush(T0 + hour * HOUR + 10 * MINUTE);
    const [only, ...others] = await readCursors(world.store, 'control');
    expect(others).toEqual([]);
    expect(only?.ownsUntil).toBe(0);
  });
});
