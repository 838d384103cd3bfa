import { isConflict, StoreUnavailable } from '../state/errors';
import { sourceId } from '../state/keys';
import { type EntityStore, partitionRange } from '../state/store';
import { type Gap, gapsAfter } from './gaps';
import type { BatchSource, EngineOptions, PartitionEnd } from './types';

/** How far a partition has been evaluated: everything up to here is durable. */
export interface Progress {
  readonly sequenceNumber: number;
  /** Of that message, ms. */
  readonly enqueuedTime: number;
}

const PARTITION = 'progress';

// Without the namespace, which has more than one name: under a key that does not match, progress would not be found and windows would wait.
export const progressKey = ({ hub, incarnation, partition }: BatchSource): string =>
  `${sourceId('', hub, incarnation)}.${partition}`;

const ATTEMPTS = 10;

/** Writes how far partitions have been evaluated. It never goes back, also where a process finishes a batch that another did long ago. */
export class ProgressWriter {
  private readonly known = new Map<string, { sequenceNumber: number; etag: string | undefined }>();

  constructor(private readonly options: Pick<EngineOptions, 'store' | 'tables'>) {}

  /**
   * Called when everything that a batch leads to is durable. With every batch, also where nothing matched: it may be the last one for hours,
   * and windows would wait for its messages.
   *
   * @param now ms
   */
  async note(source: BatchSource, { sequenceNumber, enqueuedTime }: Progress, now: number): Promise<void> {
    const { store, tables } = this.options;
    const rowKey = progressKey(source);
    const properties = { seq: BigInt(sequenceNumber), enqueued: enqueuedTime, at: now };
    for (let attempt = 1; ; attempt++) {
      const known = this.known.get(rowKey);
      if (known && known.sequenceNumber >= sequenceNumber) return;
      try {
        const [etag] = await store.transact(tables.control, PARTITION, [
          known?.etag === undefined
            ? { kind: 'create', rowKey, properties }
            : { kind: 'replace', rowKey, properties, ifMatch: known.etag },
        ]);
        this.known.set(rowKey, { sequenceNumber, etag });
        return;
      } catch (error) {
        if (!isConflict(error)) throw error;
        if (attempt === ATTEMPTS)
          throw new StoreUnavailable('progress: other processes changed it too often', { cause: error });
        await this.look(rowKey);
      }
    }
  }

  /** Whether a message was evaluated before. Reads the store only where this process does not know how far the partition is. */
  async isAgain(source: BatchSource, sequenceNumber: number): Promise<boolean> {
    const rowKey = progressKey(source);
    if (!this.known.has(rowKey)) await this.look(rowKey);
    return (this.known.get(rowKey)?.sequenceNumber ?? -1) >= sequenceNumber;
  }

  /**
   * Messages missing before or between those of a batch that is about to be noted: the hub no longer had them, or the host gave their batch
   * up. Reads the store only where this process does not know how far the partition is.
   */
  async gaps(source: BatchSource, sequenceNumbers: readonly number[]): Promise<Gap[]> {
    const rowKey = progressKey(source);
    const known = this.known.get(rowKey);
    if (known && gapsAfter(known.sequenceNumber, sequenceNumbers).length === 0) return [];
    await this.look(rowKey);
    return gapsAfter(this.known.get(rowKey)?.sequenceNumber, sequenceNumbers);
  }

  private async look(rowKey: string): Promise<void> {
    const { store, tables } = this.options;
    const there = await store.get(tables.control, PARTITION, rowKey);
    if (there) this.known.set(rowKey, { sequenceNumber: Number(there.properties.seq), etag: there.etag });
    else this.known.delete(rowKey);
  }
}

/** Progress of every partition that was ever read, by the row key of `progressKey`. */
export async function readProgress(store: EntityStore, table: string): Promise<Map<string, Progress>> {
  const result = new Map<string, Progress>();
  for await (const page of store.query(table, partitionRange(PARTITION))) {
    for (const { rowKey, properties } of page) {
      result.set(rowKey, { sequenceNumber: Number(properties.seq), enqueuedTime: Number(properties.enqueued) });
    }
  }
  return result;
}

/**
 * The watermark: the enqueued time (ms) up to which every partition has been evaluated; infinite where all have been read to their end.
 *
 * @param ends asked of the hub before any state is read
 */
export function watermarkOf(ends: readonly PartitionEnd[], progress: ReadonlyMap<string, Progress>): number {
  let least = Number.POSITIVE_INFINITY;
  for (const end of ends) {
    if (end.lastSequenceNumber < 0) continue;
    const own = progress.get(progressKey(end.source));
    if (own && own.sequenceNumber >= end.lastSequenceNumber) continue;
    least = Math.min(least, own?.enqueuedTime ?? Number.NEGATIVE_INFINITY);
  }
  return least;
}

/** Messages that the hub holds and that have not been evaluated; of a partition never read, all since its beginning. */
export function hubLag(ends: readonly PartitionEnd[], progress: ReadonlyMap<string, Progress>): number {
  return ends.reduce((sum, { source, lastSequenceNumber }) => {
    const read = progress.get(progressKey(source))?.sequenceNumber ?? -1;
    return sum + Math.max(0, lastSequenceNumber - read);
  }, 0);
}
