import type { EventHubProducerClient } from '@azure/event-hubs';
import type { TokenCredential } from '@azure/identity';
import { TimedOut, within } from '../../state/within';
import { defineSink } from './define';
import { type AlertJson, reasonOf, type SendFailure, type SendResult, type Sink } from './sink';
import { cutAlert } from './support/cut';

export const eventHub = defineSink({
  name: 'event-hub',
  settings: {
    ALERTS_EVENT_HUB_NAME: { kind: 'text', description: 'the hub that alerts are sent to.' },
    AlertsEventHubConnection: {
      kind: 'connection',
      description: 'its namespace, as EventHubConnection; default: the namespace of the events.',
      orElse: 'EventHubConnection',
    },
  },
  open: async ({ ALERTS_EVENT_HUB_NAME: eventHubName, AlertsEventHubConnection: connection }, { name, credential }) =>
    openEventHubSink({
      name,
      eventHubName,
      ...connection,
      credential: connection.connectionString === undefined ? await credential() : undefined,
    }),
});

export interface EventHubSinkOptions {
  readonly name: string;
  /** A connection string, or … */
  readonly connectionString?: string;
  /** … the host name of the namespace with {@link credential}. */
  readonly fullyQualifiedNamespace?: string;
  readonly credential?: TokenCredential;
  readonly eventHubName: string;
  /** How long a call may take, all its batches and their retries included, ms (default 120,000). */
  readonly timeoutMs?: number;
}

type Producer = Pick<EventHubProducerClient, 'createBatch' | 'sendBatch' | 'close'>;

/** The largest message of the standard tier, bytes. */
const LARGEST = 1024 * 1024;
const TIMEOUT_MS = 120_000;
/** Bytes of a message beside its body, generously. */
const ENVELOPE = 4096;

/**
 * Sends each alert as one JSON message to an Event Hub, with SystemAlertId and Revision as properties, in batches of at
 * most 1 MiB. An alert that is too large for a message is sent cut.
 */
export async function openEventHubSink(settings: EventHubSinkOptions): Promise<Sink> {
  const { name, timeoutMs = TIMEOUT_MS } = settings;
  let sink = eventHubSink(await connect(settings), name);
  return {
    name: sink.name,
    close: () => sink.close(),
    async send(alerts) {
      const used = sink;
      try {
        return await within(timeoutMs, 'the event hub', (signal) => used.send(alerts, signal));
      } catch (error) {
        // The library waits for a connection that hangs, every time anew: the next call opens another. How this one ends is no news.
        if (error instanceof TimedOut) {
          sink = eventHubSink(await connect(settings), name);
          void used.close().catch(() => undefined);
        }
        throw error;
      }
    },
  };
}

async function connect({
  connectionString,
  fullyQualifiedNamespace,
  credential,
  eventHubName,
}: EventHubSinkOptions): Promise<Producer> {
  const { EventHubProducerClient } = await import('@azure/event-hubs');
  const options = { retryOptions: { maxRetries: 1, timeoutInMs: 20_000 } };
  if (connectionString) return new EventHubProducerClient(connectionString, eventHubName, options);
  if (!fullyQualifiedNamespace || !credential)
    throw new TypeError('an Event Hub sink needs a connection string, or a namespace and a credential');
  return new EventHubProducerClient(fullyQualifiedNamespace, eventHubName, credential, options);
}

interface AbortableSink extends Sink {
  send(alerts: readonly AlertJson[], signal?: AbortSignal): Promise<SendResult>;
  close(): Promise<void>;
}

/** The sink over a producer that is open already. */
export function eventHubSink(producer: Producer, name: string): AbortableSink {
  let maxSizeInBytes: number | undefined;
  const newBatch = async (abortSignal?: AbortSignal) => {
    maxSizeInBytes ??= Math.min(LARGEST, (await producer.createBatch({ abortSignal })).maxSizeInBytes);
    return producer.createBatch({ maxSizeInBytes, abortSignal });
  };
  return {
    name,
    close: () => producer.close(),
    async send(alerts, abortSignal) {
      const failed: SendFailure[] = [];
      let cut = 0;
      let batch = await newBatch(abortSignal);
      let first = 0;
      const flush = async (end: number): Promise<boolean> => {
        try {
          if (batch.count > 0) await producer.sendBatch(batch, { abortSignal });
          return true;
        } catch (error) {
          // The hub is out of reach for the rest, too: each further try would only wait for its timeout.
          for (let index = first; index < alerts.length; index++) failed.push({ index, reason: reasonOf(error) });
          return false;
        } finally {
          first = end;
        }
      };
      for (const [index, alert] of alerts.entries()) {
        if (batch.tryAdd(toMessage(alert))) continue;
        if (!(await flush(index))) return { failed, cut };
        batch = await newBatch(abortSignal);
        if (batch.tryAdd(toMessage(alert))) continue;
        cut++;
        const small = cutAlert(alert, batch.maxSizeInBytes - ENVELOPE) ?? alert;
        if (!batch.tryAdd(toMessage(small))) failed.push({ index, reason: 'too large for a message, also when cut' });
      }
      await flush(alerts.length);
      return { failed, cut };
    },
  };
}

function toMessage(alert: AlertJson) {
  const { SystemAlertId, Revision } = alert;
  return {
    body: Buffer.from(JSON.stringify(alert)),
    contentType: 'application/json',
    properties: { SystemAlertId, Revision },
  };
}
