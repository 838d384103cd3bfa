import type { PartitionEnd } from '../../engine';
import { progressKey, readProgress } from '../../engine/progress';
import type { BoardStorage } from '../source';
import type { PartitionView } from '../types';

/** Positions that the host knows, with where the partitions end. */
export const withEnds = (positions: readonly PartitionView[], ends: readonly PartitionEnd[]): PartitionView[] =>
  ends.map(({ source, lastSequenceNumber }) => ({
    sequenceNumber: -1,
    enqueuedTime: 0,
    ...positions.find(({ id }) => id === source.partition),
    id: source.partition,
    lastSequenceNumber,
  }));

/** How far every partition has been evaluated, and where it ends in the hub where that was asked. */
export async function readPartitions(
  { store, tables }: BoardStorage,
  ends: readonly PartitionEnd[] | undefined,
): Promise<PartitionView[]> {
  const progress = await readProgress(store, tables.control);
  if (ends) {
    return ends.map(({ source, lastSequenceNumber }) => {
      const own = progress.get(progressKey(source));
      const { sequenceNumber = -1, enqueuedTime = 0 } = own ?? {};
      return { id: source.partition, sequenceNumber, enqueuedTime, lastSequenceNumber };
    });
  }
  const all = [...progress].map(([key, { sequenceNumber, enqueuedTime }]) => ({
    id: key.slice(key.indexOf('.') + 1),
    sequenceNumber,
    enqueuedTime,
  }));
  return all.sort((a, b) => Number(a.id) - Number(b.id) || (a.id < b.id ? -1 : 1));
}
