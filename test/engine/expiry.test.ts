import { partitionRange } from '../../src/state/store';
import { fakeClock } from '../support/fake-clock';
import { HOUR, MINUTE, T0, testPlan, World } from '../support/world';

fakeClock();

const DAY = 24 * HOUR;

async function count(world: World, table: string, partition?: string): Promise<number> {
  let found = 0;
  const range = partition === undefined ? { partitionFrom: '0', partitionTo: '~' } : partitionRange(partition);
  for await (const page of world.store.query(table, range)) found += page.length;
  return found;
}

describe('what is too old', () => {
  it('goes: state when no window can read it, alerts after ninety days', async () => {
    const world = new World();
    const plan = testPlan({ query: 'Event | where EventID == 1 | summarize N = count() by Computer' });
    world.deploy(plan);
    await world.flush(T0);
    await world.event(T0 + 10 * MINUTE);
    await world.flush(T0 + HOUR + 6 * MINUTE);
    expect(world.alerts).toHaveLength(1);
    const outbox = `rule.${plan.rule.id}`;
    expect(await count(world, 'state')).toBeGreaterThan(0);
    expect(await count(world, 'alerts', outbox)).toBeGreaterThan(0);

    // A late event may still correct the window: its state is there.
    await world.flush(T0 + 20 * HOUR);
    expect(await count(world, 'state')).toBeGreaterThan(0);

    for (let day = 2; day < 5; day++) await world.flush(T0 + day * DAY);
    expect(await count(world, 'state')).toBe(0);
    expect(await count(world, 'alerts', outbox)).toBeGreaterThan(0);

    for (let day = 5; day < 95; day += 3) await world.flush(T0 + day * DAY);
    expect(await count(world, 'alerts', outbox)).toBe(0);
  });

  it('goes after ninety days too where the rule was removed', async () => {
    const world = new World();
    const ids = Array.from({ length: 60 }, (_, i) => `11111111-2222-4333-8444-${String(i).padStart(12, '0')}`);
    const query = 'Event | where EventID == 1 | summarize N = count() by Computer';
    world.deploy(...ids.map((id) => testPlan({ id, query })));
    await world.flush(T0);
    await world.event(T0 + 10 * MINUTE);
    await world.flush(T0 + HOUR + 6 * MINUTE);
    expect(world.alerts).toHaveLength(ids.length);
    world.deploy();
    for (let day = 1; day < 96; day++) await world.flush(T0 + day * DAY);
    expect(await count(world, 'alerts')).toBe(0);
    expect(await count(world, 'state')).toBe(0);
  });
});
