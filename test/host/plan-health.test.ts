import { checkHealth } from '../../src/host/health';
import { PlanStatusWriter } from '../../src/host/plan-status';
import { MemoryStore } from '../../src/state/memory';
import { testPlan } from '../support/world';

const T = Date.UTC(2026, 0, 1);
const tables = { state: 'state', alerts: 'alerts', control: 'control' };

async function plansCheck(store: MemoryStore, now: number) {
  const { checks } = await checkHealth(
    {
      config: { mode: 'live', graceMs: undefined, maxWaitMs: 0 },
      plans: async () => [testPlan({ query: 'Event | where EventID == 1' })],
      storage: async () => ({ store, tables }),
    },
    now,
  );
  return checks.filter(({ name }) => name === 'plans');
}

describe('the health of an app whose rules were deployed', () => {
  it('is red while the version in force is refused', async () => {
    const store = new MemoryStore();
    const writer = new PlanStatusWriter(store, tables.control);
    await writer.write({ version: 'a', refused: { version: 'b', reason: 'it has format 9.1' } }, T);
    expect(await plansCheck(store, T + 1)).toContainEqual({
      name: 'plans',
      status: 'down',
      detail: 'version b was refused, a runs: it has format 9.1',
    });
    await writer.write({ version: 'c' }, T + 2);
    expect(await plansCheck(store, T + 3)).toEqual([{ name: 'plans', status: 'ok', detail: '1 rules' }]);
  });

  it('does not go by what was said long ago', async () => {
    const store = new MemoryStore();
    const refused = { version: 'b', reason: 'r' };
    await new PlanStatusWriter(store, tables.control).write({ version: 'a', refused }, T);
    expect(await plansCheck(store, T + 3_600_001)).toEqual([{ name: 'plans', status: 'ok', detail: '1 rules' }]);
  });
});
