import type { RulePlan } from '../../src/plan/rule-plan';
import { fakeClock } from '../support/fake-clock';
import { HOUR, MINUTE, T0, testPlan, World } from '../support/world';

fakeClock();

function suppressing(query: string): RulePlan {
  const plan = testPlan({ query });
  return { ...plan, rule: { ...plan.rule, suppression: { enabled: true, durationMs: 5 * HOUR } } };
}

describe('suppression', () => {
  it('ends when the alert that began it is withdrawn: the windows that it kept quiet run again', async () => {
    const world = new World();
    world.deploy(
      suppressing(
        'Event | where EventID == 1 | join kind=leftanti (Event | where EventID == 3) on Computer | project TimeGenerated, Computer',
      ),
    );
    await world.flush(T0);
    await world.event(T0 + 10 * MINUTE);
    await world.flush(T0 + HOUR + 6 * MINUTE);
    await world.event(T0 + HOUR + 10 * MINUTE);
    await world.flush(T0 + 2 * HOUR + 6 * MINUTE);
    expect(world.alerts.map(({ WindowEnd }) => WindowEnd.slice(11, 16))).toEqual(['01:00']);
    // Takes the first alert back.
    await world.event(T0 + 2 * HOUR + 7 * MINUTE, {
      EventID: 3,
      TimeGenerated: new Date(T0 + 20 * MINUTE).toISOString(),
    });
    for (let k = 8; k < 14; k++) await world.flush(T0 + 2 * HOUR + k * MINUTE);
    expect(
      (world.alerts as unknown as { WindowEnd: string; Status: string }[]).map((alert) => [
        alert.WindowEnd.slice(11, 16),
        alert.Status,
      ]),
    ).toEqual([
      ['01:00', 'New'],
      ['01:00', 'Withdrawn'],
      ['02:00', 'New'],
    ]);
  });

  it('fences a run that stood still since before its window was suppressed', async () => {
    const world = new World();
    world.deploy(suppressing('Event | where EventID == 1 | summarize n = count() by Computer'));
    await world.flush(T0);
    await world.flush(T0 + HOUR + 6 * MINUTE);
    await world.event(T0 + HOUR + 10 * MINUTE);
    let go = (): void => undefined;
    const gate = new Promise<void>((resolve) => {
      go = resolve;
    });
    let zombie: Promise<void> | undefined;
    await new Promise<void>((arrived) => {
      world.store.hooks.before = async (call) => {
        if (call.kind !== 'transact' || call.table !== 'alerts' || !call.operations[0]!.rowKey.startsWith('w')) return;
        world.store.hooks.before = () => undefined;
        arrived();
        await gate;
      };
      zombie = world.flush(T0 + 2 * HOUR + 6 * MINUTE);
    });
    // It is about to say that the second window holds one event. Late ones make the first window alert, and the second hold three.
    const other = new World(world.store);
    other.deploy(suppressing('Event | where EventID == 1 | summarize n = count() by Computer'));
    for (const [i, at] of [T0 + 10 * MINUTE, T0 + HOUR + 20 * MINUTE, T0 + HOUR + 21 * MINUTE].entries())
      await world.event(T0 + 2 * HOUR + 7 * MINUTE + i, { TimeGenerated: new Date(at).toISOString() });
    for (let k = 8; k < 20; k += 2) await other.flush(T0 + 2 * HOUR + k * MINUTE);
    go();
    await zombie;
    for (let k = 20; k < 60; k += 10) await other.flush(T0 + 2 * HOUR + k * MINUTE);
    expect(
      [...world.alerts, ...other.alerts].map(({ WindowEnd, Results }) => [WindowEnd.slice(11, 16), Results]),
    ).toEqual([['01:00', [{ Computer: 'A', n: 1 }]]]);
  });
});
