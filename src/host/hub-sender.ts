import type { EventHubProducerClient } from '@azure/event-hubs';
import type { TokenCredential } from '@azure/identity';
import { inParallel } from '../state/in-parallel';
import { within } from '../state/within';

export interface HubTarget {
  /** A connection string, or … */
  readonly connectionString?: string;
  /** … the host name of the namespace with {@link credential}. */
  readonly fullyQualifiedNamespace?: string;
  readonly credential?: TokenCredential;
  /** Absent: the one that the connection string names. */
  readonly hub?: string;
}

type HubProducer = Pick<EventHubProducerClient, 'createBatch' | 'sendBatch' | 'close'>;

export async function openProducer(target: HubTarget): Promise<HubProducer> {
  const { EventHubProducerClient } = await import('@azure/event-hubs');
  const { connectionString, fullyQualifiedNamespace, credential, hub } = target;
  if (connectionString !== undefined)
    return hub === undefined
      ? new EventHubProducerClient(connectionString)
      : new EventHubProducerClient(connectionString, hub);
  if (!fullyQualifiedNamespace || !credential || hub === undefined)
    throw new TypeError('a hub needs a connection string, or a namespace, a credential and its name');
  return new EventHubProducerClient(fullyQualifiedNamespace, hub, credential);
}

export interface OutgoingMessage {
  readonly body: Buffer;
  /** Messages of one key come to one partition, in order. At most 128 characters. */
  readonly partitionKey?: string;
}

export interface SendOptions<M> {
  /** Messages a second; absent: as fast as they are read. */
  readonly rate?: number;
  /** Called after each batch, with the messages sent so far. */
  readonly onSent?: (messages: number) => void;
  /** A message that is larger than the hub takes, which is left out. */
  readonly onTooLarge: (message: M) => void;
  /** Sending waits while this holds. */
  readonly isFull?: (messages: number, bytes: number) => boolean;
  readonly signal?: AbortSignal;
}

/** Messages and bytes read ahead of one round of sending. */
const MOST_MESSAGES = 500;
const MOST_BYTES = 4 * 1024 * 1024;
/** For one request with its retries, ms: the library waits for a connection that hangs without one. */
const TIMEOUT_MS = 300_000;
/** Partition keys whose batches are under way at the same time. */
const PARALLEL = 8;

/**
 * Sends messages to a hub in their order (of one partition key, where they have one), in batches, and keeps the rate. Returns how many
 * were sent: fewer than there are when the signal comes. Throws what the client throws when the hub stays out of reach.
 */
export async function sendMessages<M extends OutgoingMessage>(
  producer: HubProducer,
  messages: AsyncIterable<M> | Iterable<M>,
  options: SendOptions<M>,
): Promise<number> {
  const { rate, signal, isFull } = options;
  const started = Date.now();
  const total = { messages: 0, bytes: 0 };
  // Small rounds at a low rate, so that it is a rate and not a burst a second.
  const largest = Math.min(MOST_MESSAGES, Math.max(1, Math.ceil((rate ?? 5000) / 10)));
  let round: M[] = [];
  let bytes = 0;
  const flush = async (): Promise<void> => {
    const [taken, size] = [round, bytes];
    [round, bytes] = [[], 0];
    await sendRound(producer, taken, total, options);
    total.bytes += size;
    while (isFull?.(total.messages, total.bytes) && !signal?.aborted) await pause(20);
    if (rate === undefined) return;
    while (total.messages > (rate * (Date.now() - started)) / 1000 && !signal?.aborted) await pause(20);
  };
  for await (const message of messages) {
    if (signal?.aborted) return total.messages;
    round.push(message);
    bytes += message.body.length;
    if (round.length >= largest || bytes >= MOST_BYTES) await flush();
  }
  if (!signal?.aborted) await flush();
  return total.messages;
}

async function sendRound<M extends OutgoingMessage>(
  producer: HubProducer,
  messages: readonly M[],
  total: { messages: number },
  options: SendOptions<M>,
): Promise<void> {
  const keys = [...groupByKey(messages)];
  await inParallel(keys, PARALLEL, ([partitionKey, list]) => sendOfKey(producer, partitionKey, list, total, options));
}

function groupByKey<M extends OutgoingMessage>(messages: readonly M[]): Map<string | undefined, M[]> {
  const groups = new Map<string | undefined, M[]>();
  for (const message of messages) {
    const group = groups.get(message.partitionKey);
    if (group) group.push(message);
    else groups.set(message.partitionKey, [message]);
  }
  return groups;
}

async function sendOfKey<M extends OutgoingMessage>(
  producer: HubProducer,
  partitionKey: string | undefined,
  messages: readonly M[],
  total: { messages: number },
  { onSent, onTooLarge }: SendOptions<M>,
): Promise<void> {
  const key = partitionKey === undefined ? {} : { partitionKey };
  const newBatch = () =>
    within(TIMEOUT_MS, 'the event hub', (abortSignal) => producer.createBatch({ ...key, abortSignal }));
  let batch = await newBatch();
  const send = async (): Promise<void> => {
    if (batch.count === 0) return;
    const full = batch;
    await within(TIMEOUT_MS, 'the event hub', (abortSignal) => producer.sendBatch(full, { abortSignal }));
    total.messages += batch.count;
    onSent?.(total.messages);
  };
  for (const message of messages) {
    const event = { body: message.body };
    if (batch.tryAdd(event)) continue;
    if (batch.count > 0) {
      await send();
      batch = await newBatch();
      if (batch.tryAdd(event)) continue;
    }
    onTooLarge(message);
  }
  await send();
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
