import { sourceId } from '../state/keys';
import { type EntityStore, partitionRange } from '../state/store';
import type { BatchSource, EngineOptions, PartitionEnd } from './types';

/** How far a partition has been evaluated: everything up to here is durable. */
export interface Progress {
  readonly sequenceNumber: number;
  /** Of that message, ms. */
  readonly enqueuedTime: number;
}

const PARTITION = 'progress';

// By hub and time of creation: a namespace has more than one name, and a key that does not match would hold up every window.
const rowOf = ({ hub, incarnation, partition }: BatchSource): string =>
  `${sourceId('', hub, incarnation)}.${partition}`;

/**
 * Writes how far a partition has been evaluated, when all that it leads to is durable. With every batch, also where nothing matched: any
 * batch may be the last for hours, and windows would wait for what it left out.
 *
 * @param now ms
 */
export async function writeProgress(
  { store, tables }: Pick<EngineOptions, 'store' | 'tables'>,
  source: BatchSource,
  { sequenceNumber, enqueuedTime }: Progress,
  now: number,
): Promise<void> {
  const properties = { seq: BigInt(sequenceNumber), enqueued: enqueuedTime, at: now };
  await store.transact(tables.control, PARTITION, [{ kind: 'upsert', rowKey: rowOf(source), properties }]);
}

/** Progress of every partition that was ever read, by the key of `progressKey`. */
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
 * The enqueued time (ms) up to which every partition has been evaluated; infinite where all have been read to their end, which is asked
 * of the hub before the state is read.
 */
export function evaluatedUpTo(ends: readonly PartitionEnd[], progress: ReadonlyMap<string, Progress>): number {
  let least = Number.POSITIVE_INFINITY;
  for (const end of ends) {
    if (end.lastSequenceNumber < 0) continue;
    const own = progress.get(rowOf(end.source));
    if (own && own.sequenceNumber >= end.lastSequenceNumber) continue;
    least = Math.min(least, own?.enqueuedTime ?? Number.NEGATIVE_INFINITY);
  }
  return least;
}
