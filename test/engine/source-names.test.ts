import { createEngine } from '../../src/engine';
import { MemoryStore } from '../../src/state/memory';
import { engineOptions } from '../support/engine-options';
import { fakeClock } from '../support/fake-clock';
import { HOUR, MINUTE, T0, testPlan } from '../support/world';

fakeClock();

const plan = testPlan({ query: 'Event | where EventID > 0 | summarize n = count() by Computer' });

async function counted(deliveries: readonly { namespace: string; incarnation: string }[]): Promise<unknown> {
  const sent: { Results: unknown }[] = [];
  const sinks = [
    {
      name: 's',
      send: async (list: readonly object[]) => {
        sent.push(...(list as never[]));
        return { failed: [] };
      },
    },
  ];
  const store = new MemoryStore();
  jest.setSystemTime(T0);
  await createEngine(engineOptions(store, { plans: [plan], sinks })).flush(T0);
  const messages = [1, 2, 3].map((i) => ({
    body: Buffer.from(
      JSON.stringify({
        Type: 'Event',
        TimeGenerated: new Date(T0 + i * MINUTE).toISOString(),
        Computer: 'A',
        EventID: 1,
      }),
    ),
    sequenceNumber: i,
    enqueuedTime: T0 + i * MINUTE,
  }));
  // A process of its own each time.
  for (const source of deliveries)
    await createEngine(engineOptions(store, { plans: [plan], sinks })).evaluate({
      source: { ...source, hub: 'h', partition: '0' },
      messages,
    });
  jest.setSystemTime(T0 + HOUR + 6 * MINUTE);
  await createEngine(engineOptions(store, { plans: [plan], sinks })).flush(T0 + HOUR + 6 * MINUTE);
  return sent.at(-1)?.Results;
}

describe('a hub', () => {
  it('is the same under any name of its namespace', async () => {
    const incarnation = '2026-01-01T00:00:00.000Z';
    const names = ['n.servicebus.windows.net', 'alias.servicebus.windows.net', 'N.privatelink.servicebus.windows.net'];
    expect(await counted(names.map((namespace) => ({ namespace, incarnation })))).toEqual([{ Computer: 'A', n: 3 }]);
  });

  it('is another one when it was made anew', async () => {
    const times = ['2026-01-01T00:00:00.000Z', '2026-01-01T00:10:00.000Z'];
    expect(await counted(times.map((incarnation) => ({ namespace: 'n', incarnation })))).toEqual([
      { Computer: 'A', n: 6 },
    ]);
  });
});
