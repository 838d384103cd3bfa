import type { StartPosition } from './selector-filter';

export interface StoredEvent {
  sequenceNumber: number;
  /** Byte position in the partition, as Event Hubs counts it. */
  offset: number;
  /** Milliseconds since 1970; never earlier than the event before. */
  enqueuedTime: number;
  partitionKey: string | undefined;
  /** The encoded AMQP message without the broker's annotations. */
  bytes: Buffer;
}

/** Kept for each event beside its bytes, so that a flood of tiny events is bounded too. */
const EVENT_OVERHEAD_BYTES = 200;

/** The events of one partition, oldest dropped first once they exceed `retentionBytes`. */
export class PartitionLog {
  readonly id: string;
  readonly #retentionBytes: number;
  #events: StoredEvent[] = [];
  /** Index of the oldest retained event: dropping moves it, and the array is cut only now and then. */
  #head = 0;
  #bytes = 0;
  #nextSequenceNumber = 0;
  #nextOffset = 0;
  #lastEnqueuedTime = 0;
  #lastOffset = -1;

  constructor(id: string, retentionBytes: number) {
    this.id = id;
    this.#retentionBytes = retentionBytes;
  }

  append(bytes: Buffer, partitionKey: string | undefined, now: number): void {
    this.#lastEnqueuedTime = Math.max(this.#lastEnqueuedTime, now);
    this.#lastOffset = this.#nextOffset;
    this.#events.push({
      sequenceNumber: this.#nextSequenceNumber++,
      offset: this.#nextOffset,
      enqueuedTime: this.#lastEnqueuedTime,
      partitionKey,
      // A copy: the slice would keep the whole received batch alive after its other events were dropped.
      bytes: Buffer.from(bytes),
    });
    this.#nextOffset += bytes.length;
    this.#bytes += bytes.length + EVENT_OVERHEAD_BYTES;
    while (this.#bytes > this.#retentionBytes && this.#events.length - this.#head > 1) this.#dropOldest();
  }

  #dropOldest(): void {
    const oldest = this.#events[this.#head]!;
    this.#bytes -= oldest.bytes.length + EVENT_OVERHEAD_BYTES;
    this.#events[this.#head] = undefined as never;
    this.#head++;
    if (this.#head > 1024 && this.#head * 2 > this.#events.length) {
      this.#events = this.#events.slice(this.#head);
      this.#head = 0;
    }
  }

  get isEmpty(): boolean {
    return this.#nextSequenceNumber === 0;
  }
  /** Sequence number of the oldest event that is still there. */
  get beginSequenceNumber(): number {
    return this.#nextSequenceNumber - (this.#events.length - this.#head);
  }
  get nextSequenceNumber(): number {
    return this.#nextSequenceNumber;
  }
  /** -1 while nothing was enqueued. */
  get lastOffset(): number {
    return this.#lastOffset;
  }
  /** Milliseconds since 1970; 0 while nothing was enqueued. */
  get lastEnqueuedTime(): number {
    return this.#lastEnqueuedTime;
  }

  /** The event with this sequence number, or the oldest one after it that is retained; undefined at the end. */
  at(sequenceNumber: number): StoredEvent | undefined {
    const index = Math.max(sequenceNumber - this.beginSequenceNumber, 0) + this.#head;
    return this.#events[index];
  }

  /** Sequence number of the first event that a reader at this position gets. */
  resolve(position: StartPosition): number {
    if (position.kind === 'earliest') return this.beginSequenceNumber;
    if (position.kind === 'latest') return this.#nextSequenceNumber;
    const { kind, value, inclusive } = position;
    let low = this.#head;
    let high = this.#events.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const found = this.#events[middle]![kind];
      if (found > value || (inclusive && found === value)) high = middle;
      else low = middle + 1;
    }
    return this.beginSequenceNumber + (low - this.#head);
  }
}
