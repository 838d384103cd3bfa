import { EventHubProducerClient } from '@azure/event-hubs';
import { type EmulatorProcess, startEventHubsEmulatorProcess } from '../../../local/event-hubs-emulator/process';
import type { SampleBounds } from '../../../local/event-hubs-emulator/sample';
import { buildLocalEntries } from '../../support/local-entries';

jest.setTimeout(60_000);

const START = Date.UTC(2026, 0, 5, 10);
const MINUTE = 60_000;
const ALL = { since: 0, messages: 1_000, bytes: 1_000_000 };

let entries: ReturnType<typeof buildLocalEntries>;
let emulator: EmulatorProcess;
let producer: EventHubProducerClient;

beforeAll(async () => {
  entries = buildLocalEntries();
  emulator = await startEventHubsEmulatorProcess({ hubs: { events: 3, binary: 1 }, entry: entries.emulator });
  producer = new EventHubProducerClient(emulator.connectionString, 'events');
  for (const [minute, partitionId] of ['0', '2', '1', '0', '2'].entries()) {
    await emulator.setTime('events', START + minute * MINUTE);
    await producer.sendBatch([{ body: Buffer.from(`at ${minute}`) }], { partitionId });
  }
});
afterAll(async () => {
  await producer?.close();
  await emulator?.stop();
  entries?.remove();
});

const sample = async (bounds: Partial<SampleBounds> = {}, hub = 'events'): Promise<string[]> =>
  (await emulator.sample(hub, { ...ALL, ...bounds })).map((body) => Buffer.from(body).toString());

describe('the sample of a hub', () => {
  it('is what any client sent, over all partitions, in the order of enqueued times', async () => {
    expect(await sample()).toEqual(['at 0', 'at 1', 'at 2', 'at 3', 'at 4']);
    expect(await sample({ since: START + 2 * MINUTE })).toEqual(['at 2', 'at 3', 'at 4']);
    expect(await sample({ since: START + 60 * MINUTE })).toEqual([]);
  });

  it('leaves out the oldest where it would be too much', async () => {
    expect(await sample({ messages: 2 })).toEqual(['at 3', 'at 4']);
    expect(await sample({ bytes: 12 })).toEqual(['at 2', 'at 3', 'at 4']);
    expect(await sample({ bytes: 3 })).toEqual([]);
  });

  it('carries bytes as they are, and more of them than one message holds', async () => {
    const sender = new EventHubProducerClient(emulator.connectionString, 'binary');
    const bodies = Array.from({ length: 5 }, (_, i) => Buffer.alloc(600_000, i === 0 ? 0xff : i));
    for (const body of bodies) await sender.sendBatch([{ body }]);
    await sender.sendBatch([{ body: { Computer: 'ws1' } }]);
    await sender.close();
    const found = await emulator.sample('binary', { ...ALL, bytes: 50_000_000 });
    expect(found.slice(0, 5).map((body) => Buffer.compare(Buffer.from(body), bodies[found.indexOf(body)]!))).toEqual([
      0, 0, 0, 0, 0,
    ]);
    expect(Buffer.from(found[5]!).toString()).toBe('{"Computer":"ws1"}');
  });

  it('is an error for a hub that is not there', async () => {
    await expect(emulator.sample('other', ALL)).rejects.toThrow('other');
  });
});
