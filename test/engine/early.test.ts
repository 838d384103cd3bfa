import { fakeClock } from '../support/fake-clock';
import { HOUR, MINUTE, T0, testPlan, World } from '../support/world';

fakeClock();

const early = (query: string, trigger = 'gt') => testPlan({ query, trigger, settings: { early: true } });

describe('early alerts', () => {
  it('come with the next tick, and are revised under the same id when the window closes', async () => {
    const world = new World();
    world.deploy(early('Event | where EventID == 1 | summarize N = count() by Computer'));
    await world.flush(T0 + HOUR);
    await world.event(T0 + HOUR + 10 * MINUTE);
    await world.flush(T0 + HOUR + 11 * MINUTE);
    expect(world.results()).toEqual(['2026-01-01T02:00 r1 {"Computer":"A","N":1}']);
    await world.flush(T0 + HOUR + 12 * MINUTE);
    expect(world.alerts).toHaveLength(1);
    await world.event(T0 + HOUR + 20 * MINUTE);
    await world.flush(T0 + HOUR + 21 * MINUTE);
    await world.flush(T0 + 2 * HOUR + 6 * MINUTE);
    expect(world.results()).toEqual([
      '2026-01-01T02:00 r1 {"Computer":"A","N":1}',
      '2026-01-01T02:00 r2 {"Computer":"A","N":2}',
    ]);
    expect(new Set(world.alerts.map((alert) => alert.SystemAlertId)).size).toBe(1);
  });

  it('are closed by their window, also where it brings nothing more', async () => {
    const world = new World();
    world.deploy(early('Event | where EventID == 1 | summarize N = count() by Computer'));
    await world.flush(T0 - 5 * HOUR);
    for (let k = -290; k < 0; k += 10) await world.flush(T0 + k * MINUTE);
    await world.event(T0 + 10 * MINUTE);
    for (let k = 11; k < 200; k += 3) await world.flush(T0 + k * MINUTE);
    expect(world.alerts.map(({ Revision, Incomplete, Results }) => [Revision, Incomplete, Results])).toEqual([
      [1, true, [{ Computer: 'A', N: 1 }]],
      [2, false, [{ Computer: 'A', N: 1 }]],
    ]);
  });

  it('follow a threshold on a growing count', async () => {
    const world = new World();
    world.deploy(early('Event | summarize N = count() by Computer | where N >= 2'));
    await world.flush(T0 + HOUR);
    await world.event(T0 + HOUR + 10 * MINUTE);
    await world.flush(T0 + HOUR + 11 * MINUTE);
    expect(world.alerts).toEqual([]);
    await world.event(T0 + HOUR + 12 * MINUTE);
    await world.flush(T0 + HOUR + 13 * MINUTE);
    expect(world.results()).toEqual(['2026-01-01T02:00 r1 {"Computer":"A","N":2}']);
  });

  it.each([
    ['Event | summarize N = count() by Computer | where N < 5', 'gt', 'filters on what more events can change'],
    ['Event | summarize T = min(TimeGenerated) by Computer | where T > datetime(2026-01-01)', 'gt', 'filters on what'],
    ['Event | join kind=leftanti (Event | where EventID == 2) on Computer', 'gt', 'kind leftanti can lose rows'],
    ['Event | top 3 by TimeGenerated', 'gt', "'top' can lose rows"],
    ['Event | where EventID == 1', 'lt', 'its trigger is LessThan'],
  ])('are refused for %s', (query, trigger, reason) => {
    expect(() => early(query, trigger)).toThrow(reason);
  });
});
