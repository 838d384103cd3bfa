import type { AddressInfo, Server, Socket } from 'node:net';
import rhea, { type Container, type EventContext, type Receiver, type Sender } from 'rhea';
import { BATCH_FORMAT, PARTITION_KEY_ANNOTATION, splitBatch } from './amqp-message';
import { emulatorConnectionString } from './connection-string';
import { AmqpFault, amqpError, notFound } from './errors';
import { Hub, type HubOptions } from './hub';
import { addReplyLink, managementResponse, removeReplyLink, reply, status } from './management';
import { admitReader, PartitionReader } from './reader';
import { type SampleBounds, sampleOf } from './sample';
import { parseSelector } from './selector-filter';

/** Largest message or batch, as in the Standard tier. */
export const MAX_MESSAGE_BYTES = 1024 * 1024;
const DEFAULT_RETENTION_BYTES = 32 * 1024 * 1024;

export interface EmulatorOptions {
  /** Name → number of partitions, or more about the hub. */
  hubs: Readonly<Record<string, number | HubOptions>>;
  /** 0 or absent: any free port. */
  port?: number;
  host?: string;
  /** Kept per partition, in bytes (32 MiB unless told); older events go, as retention does in Azure. */
  retentionBytes?: number;
}

export interface EventHubsEmulator {
  port: number;
  connectionString: string;
  /** Sets the enqueued time of what arrives at a hub from now on; undefined: the system clock again. */
  setClock(hub: string, clock: (() => number) | undefined): void;
  /** Deletes a hub and creates it again, empty, with a new creation time. Its clients are disconnected. */
  recreateHub(hub: string): void;
  /** Bodies of what the hub has taken in of late. */
  sample(hub: string, bounds: SampleBounds): Uint8Array[];
  stop(): Promise<void>;
}

/** Starts an Event Hubs emulator (AMQP 1.0 without TLS) in this process; nothing outlives it. Rejects if the port is taken. */
export async function startEventHubsEmulator(options: EmulatorOptions): Promise<EventHubsEmulator> {
  const broker = new Broker(options);
  const port = await broker.listen();
  return {
    port,
    connectionString: emulatorConnectionString(port),
    setClock: (hub, clock) => broker.setClock(hub, clock),
    recreateHub: (hub) => broker.recreateHub(hub),
    sample: (hub, bounds) => broker.sample(hub, bounds),
    stop: () => broker.stop(),
  };
}

class Broker {
  readonly #options: EmulatorOptions;
  readonly #hubs = new Map<string, Hub>();
  readonly #ingest = new Map<Receiver, { hub: Hub; partitionId: string | undefined }>();
  readonly #readers = new Map<Sender, { reader: PartitionReader; readers: Set<PartitionReader>; hub: Hub }>();
  readonly #sockets = new Set<Socket>();
  readonly #container: Container;
  #server: Server | undefined;

  constructor(options: EmulatorOptions) {
    this.#options = options;
    for (const name of Object.keys(options.hubs)) this.#createHub(name);
    this.#container = rhea.create_container({ id: 'event-hubs-emulator' });
    this.#container.sasl_server_mechanisms.enable_anonymous();
    this.#container.sasl_server_mechanisms.enable_plain(() => true);
    this.#listenToLinks();
  }

  #createHub(name: string): void {
    const wanted = this.#options.hubs[name]!;
    const hubOptions = typeof wanted === 'number' ? { partitions: wanted } : wanted;
    const hub = new Hub(name, hubOptions, this.#options.retentionBytes ?? DEFAULT_RETENTION_BYTES);
    this.#hubs.set(name.toLowerCase(), hub);
  }

  #listenToLinks(): void {
    const container = this.#container;
    container.on('receiver_open', (context: EventContext) =>
      this.#refuseOnError(context.receiver!, () => this.#openIngest(context)),
    );
    container.on('sender_open', (context: EventContext) =>
      this.#refuseOnError(context.sender!, () => this.#openReader(context)),
    );
    container.on('message', (context: EventContext) => this.#onMessage(context));
    container.on('receiver_close', (context: EventContext) => this.#ingest.delete(context.receiver!));
    container.on('sender_close', (context: EventContext) => this.#dropSender(context));
    container.on('session_close', (context: EventContext) =>
      this.#dropLinks((link) => link.session === context.session),
    );
    container.on('disconnected', (context: EventContext) =>
      this.#dropLinks((link) => link.connection === context.connection),
    );
    // A client that breaks off is its own affair; without listeners rhea would throw.
    for (const event of [
      'connection_error',
      'protocol_error',
      'session_error',
      'sender_error',
      'receiver_error',
      'error',
    ]) {
      container.on(event, () => {});
    }
  }

  listen(): Promise<number> {
    const server = this.#container.listen({
      port: this.#options.port ?? 0,
      host: this.#options.host ?? '127.0.0.1',
      max_frame_size: 65536,
      channel_max: 8191,
      receiver_options: { autoaccept: false, credit_window: 200 },
    } as Parameters<Container['listen']>[0]);
    this.#server = server;
    server.on('connection', (socket: Socket) => {
      this.#sockets.add(socket);
      socket.setNoDelay(true);
      socket.on('error', () => {});
      socket.on('close', () => this.#sockets.delete(socket));
    });
    return new Promise((resolve, reject) => {
      server.once('error', reject);
      server.once('listening', () => resolve((server.address() as AddressInfo).port));
    });
  }

  async stop(): Promise<void> {
    // With an error: a connection that is told nothing keeps its timers.
    for (const socket of this.#sockets) socket.destroy(new Error('the emulator stops'));
    await new Promise<void>((resolve) => {
      if (this.#server) this.#server.close(() => resolve());
      else resolve();
    });
  }

  setClock(name: string, clock: (() => number) | undefined): void {
    const hub = this.#hub(name);
    hub.clock = clock ?? Date.now;
    // Nothing is enqueued before its hub was made.
    hub.createdAt = Math.min(hub.createdAt, hub.clock());
  }

  recreateHub(name: string): void {
    const old = this.#hub(name);
    this.#createHub(old.name);
    const gone = amqpError(notFound(name));
    for (const [link, { hub, reader, readers }] of this.#readers) {
      if (hub !== old) continue;
      readers.delete(reader);
      this.#readers.delete(link);
      link.close(gone);
    }
    for (const [link, { hub }] of this.#ingest) {
      if (hub !== old) continue;
      this.#ingest.delete(link);
      link.close(gone);
    }
  }

  sample(name: string, bounds: SampleBounds): Uint8Array[] {
    return sampleOf(this.#hub(name), bounds);
  }

  #hub(name: string): Hub {
    const hub = this.#hubs.get(name.toLowerCase());
    if (!hub) throw notFound(name);
    return hub;
  }

  #refuseOnError(link: Sender | Receiver, open: () => void): void {
    try {
      open();
    } catch (error) {
      link.close(amqpError(error));
    }
  }

  /** A client's sender: to the hub, to one partition, or to a service node. */
  #openIngest(context: EventContext): void {
    const receiver = context.receiver!;
    (receiver as unknown as { local: { attach: { max_message_size: number } } }).local.attach.max_message_size =
      MAX_MESSAGE_BYTES;
    const address = String(receiver.target?.address ?? '');
    receiver.set_target({ address });
    receiver.set_source(receiver.source ?? {});
    if (address === '$cbs' || address === '$management') return;
    const match = /^([^/]+)(?:\/Partitions\/(\d+))?$/i.exec(address);
    if (!match) throw notFound(address);
    const hub = this.#hub(match[1]!);
    const partitionId = match[2];
    if (partitionId !== undefined && !hub.partitions[Number(partitionId)]) throw notFound(address);
    this.#ingest.set(receiver, { hub, partitionId });
  }

  #onMessage(context: EventContext): void {
    const { receiver, delivery } = context;
    const address = receiver?.target?.address;
    if (address === '$cbs' || address === '$management') {
      delivery?.accept();
      const answer = address === '$cbs' ? status(202, 'Accepted') : managementResponse(context.message!, this.#hubs);
      reply(context, answer);
      return;
    }
    const ingest = this.#ingest.get(receiver!);
    if (!ingest) {
      delivery?.release();
      return;
    }
    try {
      this.#append(context, ingest.hub, ingest.partitionId);
      delivery?.accept();
    } catch (error) {
      delivery?.reject(amqpError(error));
    }
  }

  #append(context: EventContext, hub: Hub, partitionId: string | undefined): void {
    let key: unknown;
    let events: Buffer[];
    if (context.delivery?.format === BATCH_FORMAT) {
      const bytes = context.message as unknown as Buffer;
      assertSize(bytes.length);
      ({ partitionKey: key, events } = splitBatch(bytes));
    } else {
      // rhea has decoded a message of format 0 already.
      const message = context.message!;
      key = message.message_annotations?.[PARTITION_KEY_ANNOTATION];
      events = [rhea.message.encode(message)];
      assertSize(events[0]!.length);
    }
    const partitionKey = key === undefined || key === null ? undefined : String(key);
    const partition = hub.route(partitionId, partitionKey);
    const now = hub.clock();
    for (const event of events) partition.log.append(event, partitionKey, now);
    for (const reader of partition.readers) reader.pump();
  }

  /** A client's receiver: on a partition, or for the answers of a service node. */
  #openReader(context: EventContext): void {
    const sender = context.sender!;
    const source = sender.source ?? {};
    const address = String(source.address ?? '');
    sender.set_source({ address, filter: source.filter } as never);
    sender.set_target(sender.target ?? {});
    if (address === '$cbs' || address === '$management') {
      addReplyLink(context);
      return;
    }
    const match = /^([^/]+)\/ConsumerGroups\/([^/]+)\/Partitions\/(\d+)$/i.exec(address);
    if (!match) throw notFound(address);
    const [, hubName = '', consumerGroup = '', partitionId] = match;
    const hub = this.#hub(hubName);
    const partition = hub.partitions[Number(partitionId)];
    if (!partition || !hub.hasConsumerGroup(consumerGroup)) throw notFound(address);
    const start = partition.log.resolve(parseSelectorFilter(source.filter));
    const level: unknown = sender.properties?.['com.microsoft:epoch'];
    const ownerLevel = level === undefined || level === null ? undefined : Number(level);
    admitReader(partition, consumerGroup, ownerLevel);
    // Settled by the sender: a reader sends no disposition per event.
    (sender as unknown as { local: { attach: { snd_settle_mode: number } } }).local.attach.snd_settle_mode = 1;
    const reader = new PartitionReader(sender, partition, consumerGroup, ownerLevel, start);
    partition.readers.add(reader);
    this.#readers.set(sender, { reader, readers: partition.readers, hub });
    sender.on('sender_flow', () => reader.pump());
    sender.on('sendable', () => reader.pump());
  }

  #dropSender(context: EventContext): void {
    removeReplyLink(context);
    this.#dropLinks((link) => link === context.sender);
  }

  #dropLinks(gone: (link: Sender | Receiver) => boolean): void {
    for (const [link, { reader, readers }] of this.#readers) {
      if (!gone(link)) continue;
      readers.delete(reader);
      this.#readers.delete(link);
    }
    for (const link of this.#ingest.keys()) if (gone(link)) this.#ingest.delete(link);
  }
}

function assertSize(bytes: number): void {
  if (bytes <= MAX_MESSAGE_BYTES) return;
  throw new AmqpFault(
    'amqp:link:message-size-exceeded',
    `The received message (size: ${bytes} bytes) exceeds the limit of ${MAX_MESSAGE_BYTES} bytes.`,
  );
}

function parseSelectorFilter(filter: unknown): ReturnType<typeof parseSelector> {
  const selector = (filter as Record<string, unknown> | undefined)?.['apache.org:selector-filter:string'];
  if (selector === undefined || selector === null) return parseSelector(undefined);
  const value = (selector as { value?: unknown }).value ?? selector;
  try {
    return parseSelector(String(value));
  } catch (error) {
    throw new AmqpFault('amqp:invalid-field', error instanceof Error ? error.message : String(error));
  }
}
