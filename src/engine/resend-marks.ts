import { isConflict, StoreUnavailable } from '../state/errors';
import { statePartitionKey } from '../state/keys';
import { readMark, writeMark } from '../state/mark';
import { comparePositions } from '../state/position';
import type { EngineOptions } from './types';

/** Where a record stands in its hub. */
export interface Origin {
  /** From `sourceId`. */
  readonly source: string;
  readonly hubPartition: string;
  readonly sequenceNumber: number;
  readonly record: number;
}

/** After every row of a record. */
const LAST_ORDINAL = 999_999_999;
/** Conflicts with other writers before the caller has to call again. */
const ATTEMPTS = 10;

/**
 * Moves the mark of the hub's own state partition past a record that is to be counted as a dead letter, so that the record is not counted again
 * when the hub is read again and it comes through. Everything before it in its partition was counted, or has a letter of its own, before its
 * letter was written. Throws StoreUnavailable.
 */
export async function passMark(
  { store, tables }: Pick<EngineOptions, 'store' | 'tables'>,
  { stateHash, paneStart }: { readonly stateHash: string; readonly paneStart: number },
  { source, hubPartition, sequenceNumber, record }: Origin,
): Promise<void> {
  const partitionKey = statePartitionKey({ stateHash, paneStart, source, hubPartition });
  const position = { sequenceNumber, record, ordinal: LAST_ORDINAL };
  for (let tries = 1; ; tries++) {
    const mark = await readMark(store, tables.state, partitionKey);
    if (comparePositions(mark.position, position) >= 0) return;
    try {
      await store.transact(tables.state, partitionKey, [writeMark({ ...mark, position })]);
      return;
    } catch (error) {
      if (!isConflict(error)) throw error;
      if (tries === ATTEMPTS)
        throw new StoreUnavailable('other writers changed the partition too often', { cause: error });
    }
  }
}
