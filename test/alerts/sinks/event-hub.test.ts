import {
  EventHubConsumerClient,
  EventHubProducerClient,
  earliestEventPosition,
  type ReceivedEventData,
} from '@azure/event-hubs';
import { type EventHubsEmulator, startEventHubsEmulator } from '../../../local/event-hubs-emulator/emulator';
import { eventHubSink, openEventHubSink } from '../../../src/alerts/sinks/event-hub';
import type { Sink } from '../../../src/alerts/sinks/sink';
import { CUT_FIELD } from '../../../src/alerts/sinks/support/cut';
import { startTcpProxy } from '../../support/tcp-proxy';
import { alertWith } from './alerts';

jest.setTimeout(60_000);

describe('Event Hub sink', () => {
  let emulator: EventHubsEmulator;
  let sink: Sink;

  beforeEach(async () => {
    emulator = await startEventHubsEmulator({ hubs: { alerts: 1 } });
    sink = await openEventHubSink({
      name: 'event-hub',
      connectionString: emulator.connectionString,
      eventHubName: 'alerts',
    });
  });
  afterEach(async () => {
    await sink.close?.();
    await emulator.stop();
  });

  async function receive(count: number): Promise<ReceivedEventData[]> {
    const consumer = new EventHubConsumerClient('$Default', emulator.connectionString, 'alerts');
    const events: ReceivedEventData[] = [];
    await new Promise<void>((resolve, reject) => {
      consumer.subscribe(
        '0',
        {
          processEvents: async (batch) => {
            events.push(...batch);
            if (events.length >= count) resolve();
          },
          processError: async (error) => reject(error),
        },
        { startPosition: earliestEventPosition, maxWaitTimeInSeconds: 1 },
      );
    });
    await consumer.close();
    return events;
  }

  it('sends each alert as a JSON message with its identity', async () => {
    const alerts = [alertWith('a', { Text: 'é 😀' }), alertWith('b', {}, 3)];
    expect(await sink.send(alerts)).toEqual({ failed: [], cut: 0 });
    const events = await receive(2);
    expect(events.map((event) => event.body)).toEqual(alerts);
    expect(events.map((event) => event.properties)).toEqual([
      { SystemAlertId: 'a', Revision: 1 },
      { SystemAlertId: 'b', Revision: 3 },
    ]);
    expect(events[0]!.contentType).toBe('application/json');
  });

  it('sends more than one batch holds, and an alert that no message holds cut, in order', async () => {
    const large = Array.from({ length: 3000 }, (_, i) => ({ i, text: 'x'.repeat(500) }));
    const alerts = [
      ...Array.from({ length: 8 }, (_, i) => alertWith(`a${i}`, { Text: 'x'.repeat(300_000) })),
      alertWith('big', { Results: large }),
      alertWith('last'),
    ];
    expect(await sink.send(alerts)).toEqual({ failed: [], cut: 1 });
    const events = await receive(10);
    expect(events.map((event) => event.body.SystemAlertId)).toEqual(alerts.map((alert) => alert.SystemAlertId));
    const cut = events[8]!.body;
    expect(cut[CUT_FIELD]).toEqual({ Results: { kept: cut.Results.length, of: 3000 } });
    expect(cut.Results.length).toBeGreaterThan(1500);
  });

  it('fails what was not sent when a batch fails, and keeps what was', async () => {
    const producer = new EventHubProducerClient(emulator.connectionString, 'alerts');
    let sends = 0;
    const failing = eventHubSink(
      {
        createBatch: (options) => producer.createBatch(options),
        sendBatch: async (batch: never) => {
          if (++sends === 2) throw Object.assign(new Error('the hub is gone'), { code: 'ServerBusyError' });
          await producer.sendBatch(batch);
        },
        close: () => producer.close(),
      },
      'event-hub',
    );
    const alerts = Array.from({ length: 10 }, (_, i) => alertWith(`a${i}`, { Text: 'x'.repeat(300_000) }));
    const { failed } = await failing.send(alerts);
    expect(failed.map((f) => f.index)).toEqual([3, 4, 5, 6, 7, 8, 9]);
    expect(failed[0]!.reason).toContain('ServerBusyError');
    expect((await receive(3)).map((event) => event.body.SystemAlertId)).toEqual(['a0', 'a1', 'a2']);
    expect(sends).toBe(2);
    await failing.close?.();
  });

  it('waits for a connection that hangs no longer than the bound, and opens another', async () => {
    const proxy = await startTcpProxy(emulator.port);
    const connectionString = emulator.connectionString.replace(`:${emulator.port}`, `:${proxy.port}`);
    const bounded = await openEventHubSink({
      name: 'event-hub',
      connectionString,
      eventHubName: 'alerts',
      timeoutMs: 1_500,
    });
    await bounded.send([alertWith('a')]);
    proxy.isHung = true;
    await expect(bounded.send([alertWith('b')])).rejects.toThrow('no answer within 1.5 s');
    proxy.isHung = false;
    expect(await bounded.send([alertWith('c')])).toMatchObject({ failed: [] });
    await bounded.close?.();
    await proxy.stop();
  });
});
