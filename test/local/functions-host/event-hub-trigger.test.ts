import { EventHubProducerClient } from '@azure/event-hubs';
import { type EmulatorProcess, startEventHubsEmulatorProcess } from '../../../local/event-hubs-emulator/process';
import type { HostEvent } from '../../../local/functions-host/events';
import { type HostProcess, startFunctionsHostProcess } from '../../../local/functions-host/process';
import { useAzurite } from '../../support/azurite';
import { buildLocalEntries } from '../../support/local-entries';
import { until } from '../../support/until';
import { buildApp, type FixtureApp } from '../fixtures/build-app';

const azurite = useAzurite();
const HUBS = ['shapes', 'retries', 'crash', 'drain', 'small'];
let entries: ReturnType<typeof buildLocalEntries>;
let emulator: EmulatorProcess;
let app: FixtureApp;
const hosts: HostProcess[] = [];
const producers: EventHubProducerClient[] = [];

beforeAll(async () => {
  entries = buildLocalEntries();
  app = buildApp(['collect'], { extensions: { eventHubs: { maxEventBatchSize: 10, prefetchCount: 20 } } });
  const hubs = Object.fromEntries(HUBS.map((name) => [name, { partitions: 1, consumerGroups: ['outrider'] }]));
  emulator = await startEventHubsEmulatorProcess({ hubs, entry: entries.emulator });
}, 60_000);
afterAll(async () => {
  for (const producer of producers) await producer.close();
  for (const host of hosts) await host.kill();
  await emulator?.stop();
  app?.remove();
  entries?.remove();
});

interface TestHost extends HostProcess {
  events: HostEvent[];
  of<T extends HostEvent['type']>(type: T): Extract<HostEvent, { type: T }>[];
}

async function startHost(
  hub: string,
  options: { checkpointDelayMs?: number; directory?: string } = {},
): Promise<TestHost> {
  const events: HostEvent[] = [];
  const host = await startFunctionsHostProcess({
    entry: entries.host,
    app: options.directory ?? app.directory,
    ownershipExpiryMs: 1200,
    checkpointDelayMs: options.checkpointDelayMs,
    env: {
      AzureWebJobsStorage: azurite.connectionString,
      EventHubConnection: emulator.connectionString,
      EVENT_HUB_NAME: hub,
      EVENT_HUB_CONSUMER_GROUP: 'outrider',
      FIXTURE_RECORDS: app.path(`${hub}.records`),
    },
    onEvent: (event) => events.push(event),
  });
  hosts.push(host);
  const of = <T extends HostEvent['type']>(type: T) =>
    events.filter((event) => event.type === type) as Extract<HostEvent, { type: T }>[];
  return { ...host, events, of };
}

async function send(
  hub: string,
  bodies: readonly (string | Buffer)[],
  extra: { properties?: Record<string, unknown> } = {},
): Promise<void> {
  const producer = new EventHubProducerClient(emulator.connectionString, hub);
  producers.push(producer);
  await producer.sendBatch(
    bodies.map((body) => ({ body: Buffer.from(body), ...extra })),
    { partitionKey: 'key' },
  );
}

interface SeenBatch {
  buffers: boolean;
  texts: string[];
  hex: string[];
  metadata: Record<string, unknown[]> & { partitionContext: object };
  retryContext?: { retryCount: number; maxRetryCount: number; exception?: { message?: string } };
}
const seen = (hub: string): SeenBatch[] => app.lines(`${hub}.records`).map((line) => JSON.parse(line));

describe('event hub trigger', () => {
  it('hands over batches with the metadata of the real host, and checkpoints them', async () => {
    await send('shapes', ['{"a":1}', '', Buffer.from([0xff, 0x00])], { properties: { Origin: 'test', Nested: 'x' } });
    const host = await startHost('shapes');
    await until('three events', () => seen('shapes').flatMap((batch) => batch.texts).length === 3);
    const [batch] = seen('shapes');
    expect(batch).toMatchObject({ buffers: true, hex: ['7b2261223a317d', '', 'ff00'] });
    const { metadata } = batch!;
    expect(Object.keys(metadata).sort()).toEqual([
      'enqueuedTimeUtcArray',
      'offsetArray',
      'partitionContext',
      'partitionKeyArray',
      'propertiesArray',
      'sequenceNumberArray',
      'systemPropertiesArray',
    ]);
    expect(metadata.sequenceNumberArray).toEqual([0, 1, 2]);
    expect(metadata.partitionKeyArray).toEqual(['key', 'key', 'key']);
    expect(metadata.propertiesArray![0]).toEqual({ origin: 'test', nested: 'x' });
    expect(metadata.enqueuedTimeUtcArray![0]).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?$/);
    expect(metadata.systemPropertiesArray![1]).toMatchObject({ sequenceNumber: 1, partitionKey: 'key' });
    expect(metadata.partitionContext).toEqual({
      isCheckpointingAfterInvocation: true,
      fullyQualifiedNamespace: 'localhost',
      eventHubName: 'shapes',
      consumerGroup: 'outrider',
      partitionId: '0',
    });
    await until('the checkpoint', () => host.of('checkpoint').some((event) => event.sequenceNumber === 2));
    expect(host.of('log').map((event) => event.message)).toContain('took 3');
    await host.stop();
    const again = await startHost('shapes');
    await send('shapes', ['later']);
    await until('the new event', () => seen('shapes').some((record) => record.texts.includes('later')));
    expect(seen('shapes').flatMap((record) => record.texts)).toEqual(['{"a":1}', '', '\ufffd\u0000', 'later']);
    await again.stop();
  }, 60_000);

  it('retries a failed batch while the partition waits, and checkpoints it even when it failed for good', async () => {
    await send('retries', ['fail 1']);
    const host = await startHost('retries');
    await until('first failure', () => host.of('invocation').length === 1);
    await send('retries', ['fail 9 for good', 'beside it']);
    expect(host.of('checkpoint')).toEqual([]);
    await until('both batches done', () => host.of('checkpoint').some((event) => event.sequenceNumber === 2));
    expect(seen('retries').map((batch) => [batch.texts.join(), batch.retryContext?.retryCount ?? 0])).toEqual([
      ['fail 1', 0],
      ['fail 1', 1],
      ['fail 9 for good,beside it', 0],
      ['fail 9 for good,beside it', 1],
      ['fail 9 for good,beside it', 2],
    ]);
    expect(seen('retries')[1]!.retryContext).toMatchObject({
      maxRetryCount: 2,
      exception: { message: 'told to fail, 1 left' },
    });
    expect(host.of('invocation').map((event) => event.ok)).toEqual([false, true, false, false, false]);
    await host.stop();
  }, 60_000);

  it('delivers again what was not checkpointed when the host is killed', async () => {
    await send('crash', ['one', 'two']);
    const doomed = await startHost('crash', { checkpointDelayMs: 60_000 });
    await until('the invocation', () => doomed.of('invocation').length === 1);
    await doomed.kill();
    expect(doomed.of('checkpoint')).toEqual([]);
    const next = await startHost('crash');
    await until('redelivery', () => next.of('checkpoint').length === 1);
    expect(seen('crash').map((batch) => batch.texts)).toEqual([
      ['one', 'two'],
      ['one', 'two'],
    ]);
    await next.stop();
  }, 60_000);

  it('lets the running batch end and be checkpointed when it is stopped', async () => {
    await send('drain', ['one']);
    const host = await startHost('drain', { checkpointDelayMs: 700 });
    await until('the invocation', () => host.of('invocation').length === 1);
    expect(host.of('checkpoint')).toEqual([]);
    await host.stop();
    expect(host.of('checkpoint')).toMatchObject([{ sequenceNumber: 0, partitionId: '0' }]);
  }, 60_000);

  it('holds events back for a fuller batch, up to the waiting time', async () => {
    const slow = buildApp(['collect'], {
      extensions: { eventHubs: { maxEventBatchSize: 10, minEventBatchSize: 3, maxWaitTime: '00:00:01' } },
    });
    const host = await startHost('small', { directory: slow.directory });
    await send('small', ['a']);
    await send('small', ['b']);
    await until('the waiting time', () => seen('small').length === 1);
    expect(seen('small')[0]!.texts).toEqual(['a', 'b']);
    await host.stop();
    slow.remove();
  }, 60_000);
});
