import { StoreRejected } from '../../src/state/errors';
import { fakeClock } from '../support/fake-clock';
import { HOUR, MINUTE, T0, testPlan, World } from '../support/world';

const A = '11111111-2222-4333-8444-aaaaaaaaaaaa';
const B = '11111111-2222-4333-8444-bbbbbbbbbbbb';
const count = (id: string, EventID: number) =>
  testPlan({ id, query: `Event | where EventID == ${EventID} | summarize n = count() by Computer` });

fakeClock();

it('a store that refuses what is asked for one rule stops no other, and that one goes on when it is answered again', async () => {
  const world = new World();
  world.deploy(count(A, 1), count(B, 2));
  await world.flush(T0 - 3 * HOUR);
  for (const EventID of [1, 2]) await world.event(T0 + MINUTE, { EventID });
  world.store.hooks.before = async (call) => {
    if (call.kind === 'transact' && call.table === 'control' && call.partitionKey === `rule.${A}`)
      throw new StoreRejected('refused', 400, 'InvalidInput');
  };
  const rules = (): string[] => world.alerts.map(({ AlertType }) => AlertType);
  await world.flush(T0 + HOUR + 6 * MINUTE);
  expect(rules()).toEqual([B]);
  delete world.store.hooks.before;
  await world.flush(T0 + HOUR + 7 * MINUTE);
  expect(rules()).toEqual([B, A]);
});
