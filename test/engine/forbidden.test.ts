import { StoreRejected } from '../../src/state/errors';
import { fakeClock } from '../support/fake-clock';
import { HOUR, MINUTE, T0, testPlan, World } from '../support/world';

fakeClock();

/** A store whose permissions change answers 403 for a moment. */
describe('a window whose state the store forbids to read', () => {
  it.each(['due', 'late'])('is run again later: one that is %s', async (which) => {
    const world = new World();
    world.deploy(testPlan({ query: 'Event | where EventID == 1 | summarize N = count() by Computer' }));
    await world.flush(T0);
    await world.event(T0 + 5 * MINUTE);
    if (which === 'late') {
      await world.flush(T0 + HOUR + 10 * MINUTE);
      await world.event(T0 + 6 * MINUTE);
    }
    let refused = 0;
    world.store.hooks.before = (call) => {
      const isState =
        call.kind === 'page' && call.table === 'state' && call.range.partitionTo.includes('20260101T010000');
      if (isState && refused++ === 0) throw new StoreRejected('not authorized', 403, 'AuthorizationPermissionMismatch');
    };
    await expect(world.flush(T0 + HOUR + 12 * MINUTE)).rejects.toThrow('not authorized');
    world.store.hooks.before = () => undefined;
    for (let hour = 1; hour < 4; hour++) await world.flush(T0 + hour * HOUR + 20 * MINUTE);
    const revisions = which === 'due' ? [1] : [1, 2];
    expect(world.results()).toEqual(revisions.map((n) => `2026-01-01T01:00 r${n} {"Computer":"A","N":${n}}`));
  });
});
