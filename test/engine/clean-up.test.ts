import { createEngine } from '../../src/engine';
import type { StoreCall } from '../../src/state/memory';
import { fakeClock } from '../support/fake-clock';
import { SlowApp } from '../support/slow-store';
import { HOUR, MINUTE, T0, testPlan } from '../support/world';

const A = '11111111-2222-4333-8444-aaaaaaaaaaaa';
const B = '11111111-2222-4333-8444-bbbbbbbbbbbb';
const rows = testPlan({
  id: A,
  query: 'Event | where EventID == 1 | project TimeGenerated, Computer',
  frequency: '5m',
  period: '5m',
});
const counts = testPlan({
  id: B,
  query: 'Event | where EventID == 2 | summarize n = count() by Computer',
  frequency: '5m',
  period: '5m',
});

fakeClock();

describe('clean-up', () => {
  it('keeps pace with what comes in, and forgets a rule that was removed', async () => {
    const app = new SlowApp([rows, counts], { maxLateMs: 5 * MINUTE });
    const engine = (plans = [rows, counts]) => createEngine({ ...app.options(), plans });
    let flusher = engine();
    await app.flush(T0);
    await app.events(T0 + MINUTE, [[T0 + MINUTE, 2]]);
    let now = T0;
    const sizes: number[] = [];
    let expired = 0;
    for (let tick = 1; tick <= 12; tick++) {
      now += 5 * MINUTE;
      if (tick === 2) flusher = engine([rows]);
      // 30,000 rows an hour.
      await app.events(
        now,
        Array.from({ length: 2_500 }, (_, i) => [now - 1_000, 1, `C${i}`] as const),
      );
      jest.setSystemTime(now);
      expired += (await flusher.flush(now)).expired;
      if (tick % 3 === 0) sizes.push(app.store.dump('state').length);
    }
    // What lateness and windows need is twenty minutes'; and what came since it was last looked for.
    expect(sizes.at(-1)).toBeLessThan(5 * 2_500);
    expect(sizes.at(-1)! + expired).toBeGreaterThanOrEqual(12 * 2_500);
    expect(app.store.dump('control').filter(({ partitionKey }) => partitionKey === `rule.${B}`)).toHaveLength(1);
  });

  it('goes on with the next flush where the store is slow, and windows have their turn', async () => {
    const app = new SlowApp([rows, counts], { maxLateMs: HOUR });
    await app.flush(T0);
    await app.events(
      T0 + MINUTE,
      Array.from({ length: 4_000 }, (_, i) => [T0 + MINUTE, 1, `C${i}`] as const),
    );
    const isDeletion = (call: StoreCall): boolean =>
      call.kind === 'transact' && call.table === 'state' && call.operations[0]!.kind === 'delete';
    // 41 transactions, of which a flush has time for a part.
    app.cost = (call) => (isDeletion(call) ? 15_000 : 1);
    await app.events(T0 + 3 * HOUR, [[T0 + 3 * HOUR, 2]]);
    const expired: number[] = [];
    for (let tick = 0; tick < 12 && app.store.dump('state').length > 10; tick++) {
      const result = await app.flush(T0 + 3 * HOUR + (6 + 10 * tick) * MINUTE);
      expect(result!.took).toBeLessThan(9 * MINUTE);
      expired.push(result!.expired);
    }
    expect(app.sent.filter(({ rule }) => rule === B)).toHaveLength(1);
    expect(expired.filter((count) => count > 0).length).toBeGreaterThan(1);
    expect(app.store.dump('state').length).toBeLessThan(10);
  });
});
