import {
  EventHubConsumerClient,
  EventHubProducerClient,
  type EventPosition,
  earliestEventPosition,
  latestEventPosition,
  type ReceivedEventData,
  type SubscribeOptions,
} from '@azure/event-hubs';
import rhea from 'rhea';
import {
  type EventHubsEmulator,
  MAX_MESSAGE_BYTES,
  startEventHubsEmulator,
} from '../../../local/event-hubs-emulator/emulator';
import { partitionForKey } from '../../../local/event-hubs-emulator/partition-key';

let emulator: EventHubsEmulator;
const closing: { close(): Promise<void> }[] = [];

beforeAll(async () => {
  emulator = await startEventHubsEmulator({
    hubs: {
      events: 4,
      other: { partitions: 2, consumerGroups: ['outrider'] },
      small: { partitions: 1 },
      fresh: 1,
      clocked: { partitions: 1, clock: () => Date.UTC(2020, 0, 1) },
    },
    retentionBytes: 200_000,
  });
});
afterEach(async () => {
  for (const client of closing.splice(0).reverse()) await client.close();
});
afterAll(() => emulator.stop());

function track<T extends { close(): Promise<void> }>(client: T): T {
  closing.push(client);
  return client;
}
const producer = (hub: string) =>
  track(new EventHubProducerClient(emulator.connectionString, hub, { retryOptions: { maxRetries: 0 } }));
const consumer = (hub: string, group = '$Default') =>
  track(new EventHubConsumerClient(group, emulator.connectionString, hub, { retryOptions: { maxRetries: 0 } }));

/** Reads one partition until `count` events have come; rejects with the client's error. */
function read(
  client: EventHubConsumerClient,
  partitionId: string,
  count: number,
  startPosition: EventPosition,
  options: SubscribeOptions = {},
): Promise<ReceivedEventData[]> {
  const seen: ReceivedEventData[] = [];
  return new Promise((resolve, reject) => {
    const subscription = client.subscribe(
      partitionId,
      {
        processEvents: async (events) => {
          seen.push(...events);
          if (seen.length >= count) setImmediate(() => subscription.close().then(() => resolve(seen), reject));
        },
        processError: async (error) => reject(error),
      },
      { startPosition, maxBatchSize: 100, maxWaitTimeInSeconds: 1, ...options },
    );
  });
}

describe('event hubs emulator', () => {
  it('tells a hub its properties', async () => {
    const client = producer('events');
    const before = Date.now();
    const hub = await client.getEventHubProperties();
    expect(hub.partitionIds).toEqual(['0', '1', '2', '3']);
    expect(Math.abs(hub.createdOn.getTime() - before)).toBeLessThan(60_000);
    expect(await client.getPartitionProperties('3')).toMatchObject({ isEmpty: true, lastEnqueuedSequenceNumber: -1 });
  });

  it('carries a batch with bodies, properties and annotations through', async () => {
    const sender = producer('events');
    const batch = await sender.createBatch({ partitionId: '1' });
    expect(batch.maxSizeInBytes).toBe(MAX_MESSAGE_BYTES);
    expect(
      batch.tryAdd({ body: Buffer.from([0, 255, 7]), properties: { Origin: 'test', n: 5 }, messageId: 'm1' }),
    ).toBe(true);
    expect(batch.tryAdd({ body: { text: 'grüß dich' }, contentType: 'application/json' })).toBe(true);
    await sender.sendBatch(batch);
    const [first, second] = await read(consumer('events'), '1', 2, earliestEventPosition);
    expect(first).toMatchObject({
      sequenceNumber: 0,
      offset: '0',
      properties: { Origin: 'test', n: 5 },
      messageId: 'm1',
    });
    expect(Buffer.from(first!.body as Buffer)).toEqual(Buffer.from([0, 255, 7]));
    expect(second).toMatchObject({ sequenceNumber: 1, body: { text: 'grüß dich' }, contentType: 'application/json' });
    expect(Number(second!.offset)).toBeGreaterThan(0);
    expect(Math.abs(second!.enqueuedTimeUtc.getTime() - Date.now())).toBeLessThan(60_000);
    expect(await sender.getPartitionProperties('1')).toMatchObject({
      isEmpty: false,
      beginningSequenceNumber: 0,
      lastEnqueuedSequenceNumber: 1,
      lastEnqueuedOffset: second!.offset,
    });
  });

  it('puts events with a partition key where the key belongs, and spreads those without', async () => {
    const sender = producer('other');
    for (const key of ['alpha', 'beta', 'gamma']) await sender.sendBatch([{ body: key }], { partitionKey: key });
    const keys = new Map([
      ['0', ['alpha', 'beta', 'gamma'].filter((key) => partitionForKey(key, 2) === 0)],
      ['1', ['alpha', 'beta', 'gamma'].filter((key) => partitionForKey(key, 2) === 1)],
    ]);
    for (const [partition, expected] of keys) {
      if (expected.length === 0) continue;
      const events = await read(consumer('other', 'outrider'), partition, expected.length, earliestEventPosition);
      expect(events.map((event) => [event.partitionKey, event.body])).toEqual(expected.map((key) => [key, key]));
    }
    for (let i = 0; i < 4; i++) await sender.sendBatch([{ body: i }]);
    const counts = await Promise.all(
      ['0', '1'].map(async (id) => (await sender.getPartitionProperties(id)).lastEnqueuedSequenceNumber + 1),
    );
    expect(counts).toEqual([2 + keys.get('0')!.length, 2 + keys.get('1')!.length]);
  });

  it('starts a reader where it asks to', async () => {
    const sender = producer('events');
    await sender.sendBatch(
      Array.from({ length: 10 }, (_, i) => ({ body: i })),
      { partitionId: '2' },
    );
    // One client for each read: a client subscribes once per partition.
    const all = await read(consumer('events'), '2', 10, earliestEventPosition);
    expect((await read(consumer('events'), '2', 4, { sequenceNumber: 5 })).map((event) => event.body)).toEqual([
      6, 7, 8, 9,
    ]);
    expect(
      (await read(consumer('events'), '2', 5, { sequenceNumber: 5, isInclusive: true })).map((event) => event.body),
    ).toEqual([5, 6, 7, 8, 9]);
    expect((await read(consumer('events'), '2', 2, { offset: all[7]!.offset })).map((event) => event.body)).toEqual([
      8, 9,
    ]);
    expect((await read(consumer('events'), '2', 10, { enqueuedOn: new Date(0) })).length).toBe(10);
    const latest = read(consumer('events'), '2', 1, latestEventPosition);
    await new Promise((resolve) => setTimeout(resolve, 300));
    await sender.sendBatch([{ body: 'new' }], { partitionId: '2' });
    expect((await latest).map((event) => event.body)).toEqual(['new']);
  });

  it('lets a reader with an owner level push others out, and refuses a lower one', async () => {
    const first = read(consumer('events'), '3', 1, earliestEventPosition, { ownerLevel: 1 });
    first.catch(() => {});
    await new Promise((resolve) => setTimeout(resolve, 300));
    const second = read(consumer('events'), '3', 1, earliestEventPosition, { ownerLevel: 2 });
    await expect(first).rejects.toMatchObject({ code: 'ReceiverDisconnectedError' });
    await expect(read(consumer('events'), '3', 1, earliestEventPosition, { ownerLevel: 1 })).rejects.toMatchObject({
      code: 'ReceiverDisconnectedError',
    });
    await expect(read(consumer('events'), '3', 1, earliestEventPosition)).rejects.toMatchObject({
      code: 'ReceiverDisconnectedError',
    });
    await producer('events').sendBatch([{ body: 'for the owner' }], { partitionId: '3' });
    expect((await second)[0]!.body).toBe('for the owner');
  });

  it('knows only its own hubs and consumer groups', async () => {
    await expect(producer('nowhere').sendBatch([{ body: 1 }])).rejects.toMatchObject({
      code: 'MessagingEntityNotFoundError',
    });
    await expect(producer('nowhere').getEventHubProperties()).rejects.toMatchObject({
      code: 'MessagingEntityNotFoundError',
    });
    await expect(read(consumer('other', 'stranger'), '0', 1, earliestEventPosition)).rejects.toMatchObject({
      code: 'MessagingEntityNotFoundError',
    });
  });

  it('moves the begin sequence number as retention drops events', async () => {
    const sender = producer('small');
    for (let i = 0; i < 5; i++)
      await sender.sendBatch(Array.from({ length: 10 }, () => ({ body: Buffer.alloc(10_000) })));
    const properties = await sender.getPartitionProperties('0');
    expect(properties.lastEnqueuedSequenceNumber).toBe(49);
    expect(properties.beginningSequenceNumber).toBeGreaterThan(25);
    const events = await read(consumer('small'), '0', 50 - properties.beginningSequenceNumber, earliestEventPosition);
    expect(events[0]!.sequenceNumber).toBe(properties.beginningSequenceNumber);
    expect(events.at(-1)!.sequenceNumber).toBe(49);
  });

  it('stamps the enqueued time of the clock it is given', async () => {
    const sender = producer('clocked');
    await sender.sendBatch([{ body: 1 }]);
    emulator.setClock('clocked', () => Date.UTC(2021, 0, 1));
    await sender.sendBatch([{ body: 2 }]);
    const events = await read(consumer('clocked'), '0', 2, earliestEventPosition);
    expect(events.map((event) => event.enqueuedTimeUtc.toISOString())).toEqual([
      '2020-01-01T00:00:00.000Z',
      '2021-01-01T00:00:00.000Z',
    ]);
  });

  it('creates a hub anew: sequence numbers start again and the creation time tells', async () => {
    const sender = producer('fresh');
    await sender.sendBatch([{ body: 'old' }, { body: 'old' }]);
    const before = await sender.getEventHubProperties();
    await new Promise((resolve) => setTimeout(resolve, 5));
    emulator.recreateHub('fresh');
    const again = producer('fresh');
    expect((await again.getEventHubProperties()).createdOn.getTime()).toBeGreaterThan(before.createdOn.getTime());
    await again.sendBatch([{ body: 'new' }]);
    expect(
      (await read(consumer('fresh'), '0', 1, earliestEventPosition)).map((event) => [event.sequenceNumber, event.body]),
    ).toEqual([[0, 'new']]);
  });

  it('takes single messages, keeps foreign annotations, and rejects what is larger than 1 MB', async () => {
    const connection = rhea.create_container().connect({
      port: emulator.port,
      host: 'localhost',
      username: 'anonymous',
      reconnect: false,
    });
    const link = connection.open_sender('events/Partitions/0');
    const outcome = (event: 'accepted' | 'rejected') =>
      new Promise<{ delivery: { remote_state: unknown } }>((resolve) => link.once(event, resolve as never));
    await new Promise((resolve) => link.once('sendable', resolve));
    const rejected = outcome('rejected');
    link.send({ body: 'x'.repeat(MAX_MESSAGE_BYTES) });
    expect((await rejected).delivery.remote_state).toMatchObject({
      error: { condition: 'amqp:link:message-size-exceeded' },
    });
    const accepted = outcome('accepted');
    link.send({ body: 'single', message_annotations: { 'x-opt-mine': 'kept' } });
    await accepted;
    connection.close();
    const [event] = await read(consumer('events'), '0', 1, earliestEventPosition);
    expect(event).toMatchObject({ body: 'single', sequenceNumber: 0, systemProperties: { 'x-opt-mine': 'kept' } });
  });
});
