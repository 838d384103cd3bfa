import type { Sender, Session } from 'rhea';
import { withAnnotations } from './amqp-message';
import { AmqpFault } from './errors';
import type { PartitionLog } from './partition-log';

/** Sent at most before other links get a turn, and queued at most towards a slow connection. */
const BYTES_PER_TURN = 4 * 1024 * 1024;
const MAX_READERS_PER_GROUP = 5;

interface SessionInternals extends Session {
  outgoing: { available(): number };
}
interface SenderInternals extends Sender {
  credit: number;
  delivery_count: number;
}
interface ConnectionInternals {
  socket?: { writableLength: number; once(event: 'drain', listener: () => void): void };
}

export interface Partition {
  log: PartitionLog;
  readers: Set<PartitionReader>;
}

/** A client's receiver on one partition. */
export class PartitionReader {
  readonly link: Sender;
  readonly consumerGroup: string;
  readonly ownerLevel: number | undefined;
  readonly #partition: Partition;
  #next: number;
  #sent = 0;
  #turnPending = false;

  constructor(link: Sender, partition: Partition, consumerGroup: string, ownerLevel: number | undefined, next: number) {
    this.link = link;
    this.consumerGroup = consumerGroup.toLowerCase();
    this.ownerLevel = ownerLevel;
    this.#partition = partition;
    this.#next = next;
  }

  /** Sends what the client has credit for. */
  pump(): void {
    if (this.#turnPending || !this.#partition.readers.has(this) || !this.link.is_open()) return;
    const link = this.link as SenderInternals;
    const session = link.session as SessionInternals;
    const socket = (link.connection as ConnectionInternals).socket;
    // rhea lowers the credit only when it writes to the socket, so what is queued has to be counted here.
    let budget = link.delivery_count + link.credit - this.#sent;
    let bytes = 0;
    while (budget > 0 && session.outgoing.available() > 0) {
      const event = this.#partition.log.at(this.#next);
      if (!event) return;
      if (socket && socket.writableLength > BYTES_PER_TURN) {
        this.#continueAfter((go) => socket.once('drain', go));
        return;
      }
      if (bytes > BYTES_PER_TURN) {
        this.#continueAfter(setImmediate);
        return;
      }
      const payload = withAnnotations(event.bytes, { ...event, offset: String(event.offset) });
      link.send(payload, undefined, 0);
      this.#next = event.sequenceNumber + 1;
      this.#sent++;
      budget--;
      bytes += payload.length;
    }
  }

  #continueAfter(schedule: (go: () => void) => unknown): void {
    this.#turnPending = true;
    schedule(() => {
      this.#turnPending = false;
      this.pump();
    });
  }
}

/**
 * Lets a reader in by the rules of owner levels (epochs): a level pushes out readers of the same group with an equal
 * or lower level and those without one; who comes with less than the present level is refused.
 * Throws AmqpFault when the newcomer is refused.
 */
export function admitReader(partition: Partition, consumerGroup: string, ownerLevel: number | undefined): void {
  const present = [...partition.readers].filter((reader) => reader.consumerGroup === consumerGroup.toLowerCase());
  const owner = present.find((reader) => reader.ownerLevel !== undefined);
  if (ownerLevel === undefined) {
    if (owner) {
      throw new AmqpFault(
        'amqp:link:stolen',
        `A receiver with owner level ${owner.ownerLevel} exists, so a receiver without one is not allowed.`,
      );
    }
    if (present.length >= MAX_READERS_PER_GROUP) {
      throw new AmqpFault(
        'amqp:resource-limit-exceeded',
        `Exceeded the maximum of ${MAX_READERS_PER_GROUP} receivers per partition in a consumer group.`,
      );
    }
    return;
  }
  if (owner?.ownerLevel !== undefined && owner.ownerLevel > ownerLevel) {
    throw new AmqpFault(
      'amqp:link:stolen',
      `Receiver with higher epoch ${owner.ownerLevel} exists; a receiver with epoch ${ownerLevel} cannot be created.`,
    );
  }
  for (const reader of present) {
    partition.readers.delete(reader);
    reader.link.close({
      condition: 'amqp:link:stolen',
      description: `New receiver with higher epoch of '${ownerLevel}' is created; epoch '${reader.ownerLevel}' is disconnected.`,
    });
  }
}
