import { fakeClock } from '../support/fake-clock';
import { HOUR, MINUTE, T0, testPlan, World } from '../support/world';

fakeClock();

const early = (query: string, trigger = 'gt') => testPlan({ query, trigger, settings: { early: true } });

const each = (query: string) => testPlan({ query, isEach: true, settings: { early: true } });

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

  const JOINED =
    'Event | where EventID == 1 | distinct Computer | join kind=inner (Event | where EventID == 3 | summarize N = count() by Computer) on Computer | project Computer, N';

  it('of a rule that alerts for each result are one alert a result, also after a join', async () => {
    const world = new World();
    world.deploy(each(JOINED));
    await world.flush(T0);
    await world.event(T0 + MINUTE);
    for (let k = 2; k < 12; k += 2) {
      await world.event(T0 + k * MINUTE, { EventID: 3 });
      await world.flush(T0 + k * MINUTE + 10_000);
    }
    await world.flush(T0 + HOUR + 6 * MINUTE);
    await world.event(T0 + HOUR + 7 * MINUTE, { EventID: 3, TimeGenerated: new Date(T0 + 50 * MINUTE).toISOString() });
    await world.flush(T0 + HOUR + 8 * MINUTE);
    expect(world.results().at(-1)).toBe('2026-01-01T01:00 r6 {"Computer":"A","N":6}');
    expect(new Set(world.alerts.map((alert) => alert.SystemAlertId)).size).toBe(1);
  });

  it('are refused for each result where nothing tells one result from another while it grows', () => {
    const grows =
      'Event | where EventID == 1 | project Computer | join kind=inner (Event | summarize N = count() by Computer) on Computer';
    expect(() => each(grows)).toThrow('no columns are known to tell one result from another');
    expect(() => each('Event | where EventID == 1 | project TimeGenerated, Computer')).not.toThrow();
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
