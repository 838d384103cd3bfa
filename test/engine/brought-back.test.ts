import type { AlertJson } from '../../src/alerts/sinks/sink';
import { createEngine, type EngineOptions } from '../../src/engine';
import type { RulePlan } from '../../src/plan/rule-plan';
import { MemoryStore } from '../../src/state/memory';
import { engineOptions } from '../support/engine-options';
import { fakeClock } from '../support/fake-clock';
import { HOUR, MINUTE, T0, testPlan } from '../support/world';

fakeClock();

const every5 = (query: string): RulePlan => testPlan({ query, frequency: '5m', period: '5m' });
const COUNT = 'Event | where EventID == 1 | summarize N = count() by Computer';

describe('a plan that is deployed again while it still runs its last windows', () => {
  it('leaves those to the plan after it that this has run, also when that one has nothing more to do', async () => {
    const [first, second] = [every5(COUNT), every5(`${COUNT.replace('N =', 'M =')}`)];
    const store = new MemoryStore();
    const alerts = new Map<string, string[]>();
    const sinks = [
      {
        name: 's',
        send: async (sent: readonly AlertJson[]) => {
          for (const alert of sent as unknown as { WindowEnd: string; Results: object[] }[]) {
            const end = alert.WindowEnd.slice(11, 16);
            alerts.set(end, [...(alerts.get(end) ?? []), Object.keys(alert.Results[0] ?? {}).join()]);
          }
          return { failed: [] };
        },
      },
    ];
    const flush = async (at: number, plans: readonly RulePlan[], more: Partial<EngineOptions> = {}): Promise<void> => {
      jest.setSystemTime(at);
      const options = { plans, sinks, graceMs: 0, maxLateMs: 10 * MINUTE, maxAheadMs: 2 * HOUR, ...more };
      await createEngine(engineOptions(store, options)).flush(at);
    };
    await flush(T0, [first]);
    // It takes over at 2:15: an event may be stamped two hours ahead.
    await flush(T0 + 1, [second]);
    const counting = createEngine(engineOptions(store, { plans: [second], maxLateMs: 3 * HOUR, maxAheadMs: 2 * HOUR }));
    const minutes = Array.from({ length: 16 }, (_, i) => 10 * i + 1);
    await counting.evaluate({
      source: { namespace: 'n', hub: 'h', partition: '0' },
      messages: minutes.map((minute, sequenceNumber) => ({
        sequenceNumber,
        enqueuedTime: T0 + 20 * MINUTE + minute * MINUTE,
        body: Buffer.from(
          JSON.stringify({
            Type: 'Event',
            TimeGenerated: new Date(T0 + minute * MINUTE).toISOString(),
            Computer: 'A',
            EventID: 1,
          }),
        ),
      })),
    });
    // The rule is removed, and nobody flushes for a while. The second plan has few windows to run, the first has many.
    await flush(T0 + 2.5 * HOUR, [], { maxWindowsPerFlush: 1 });
    for (let i = 0; i < 8; i++) await flush(T0 + 4 * HOUR + i * MINUTE, [], { maxWindowsPerFlush: 1 });
    for (let i = 8; i < 60; i++) await flush(T0 + 4 * HOUR + i * MINUTE, [first]);
    expect(Object.fromEntries(alerts)).toEqual(
      Object.fromEntries(
        minutes
          .filter((minute) => minute < 150)
          .map((minute) => {
            const end = new Date(T0 + (minute + 4) * MINUTE).toISOString().slice(11, 16);
            return [end, [minute < 135 ? 'Computer,N' : 'Computer,M']];
          }),
      ),
    );
  });
});
