import { isConflict, StoreUnavailable } from '../state/errors';
import { type Held, heldRowKey, readHeld, WHOLE_RECORD, writeHeld } from '../state/held';
import { statePartitionKey } from '../state/keys';
import { LIMITS } from '../state/limits';
import { type Mark, readMark, writeMark } from '../state/mark';
import { comparePositions, type RowPosition } from '../state/position';
import type { Operation } from '../state/store';
import type { EngineOptions } from './types';

/** Where rows of a dead letter come from, and who is to count them. */
export interface Claim {
  /** Of the hub, from `sourceId`. */
  readonly source: string;
  readonly hubPartition: string;
  readonly sequenceNumber: number;
  /** The record's place in its message: that of the first of the letter's body. */
  readonly record: number;
  /** Who counts them: the source that the letter is counted under. */
  readonly by: string;
  /** What was not held there was counted. Otherwise nothing is known of what the mark has passed, and it is claimed. */
  readonly isTracked: boolean;
}

interface Placed<R> {
  readonly row: R;
  readonly position: RowPosition;
}

/** Conflicts with other writers before the caller has to call again. */
const ATTEMPTS = 10;
/** Beside the mark. */
const MOST_HELD = LIMITS.transactionEntities - 1;

/**
 * Decides, in the hub's own state partition, which rows of a dead letter are to be counted by it: those that are held there for a letter, and those that
 * the mark has not passed, which it passes now. Whatever the hub's readers counted is left out, and so is what another letter of the record counts.
 * Everything before the record in its partition was counted, or has a letter of its own, when its letter was written. Throws StoreUnavailable.
 */
export async function claimRows<R extends { readonly position: RowPosition }>(
  { store, tables }: Pick<EngineOptions, 'store' | 'tables'>,
  { stateHash, paneStart }: { readonly stateHash: string; readonly paneStart: number },
  claim: Claim,
  rows: readonly R[],
): Promise<readonly R[]> {
  const { source, hubPartition, sequenceNumber, record } = claim;
  const partitionKey = statePartitionKey({ stateHash, paneStart, source, hubPartition });
  const records = new Map<number, Placed<R>[]>();
  for (const row of rows) {
    const position = { sequenceNumber, record: record + row.position.record, ordinal: row.position.ordinal };
    const placed = records.get(position.record);
    if (placed) placed.push({ row, position });
    else records.set(position.record, [{ row, position }]);
  }
  for (let tries = 1; ; tries++) {
    const mark = await readMark(store, tables.state, partitionKey);
    const held = await readHeld(store, tables.state, partitionKey, sequenceNumber);
    const decided = [...records].map(([at, placed]) => decide({ ...claim, record: at }, placed, mark, held));
    try {
      await write({ store, tables }, partitionKey, mark, decided);
      return decided.flatMap(({ own }) => own);
    } catch (error) {
      if (!isConflict(error)) throw error;
      if (tries === ATTEMPTS)
        throw new StoreUnavailable('other writers changed the partition too often', { cause: error });
    }
  }
}

interface Decided<R> {
  readonly own: readonly R[];
  readonly operations: readonly Operation[];
  /** After the record. */
  readonly end: RowPosition;
}

function decide<R>(
  { sequenceNumber, record, by, isTracked }: Claim,
  placed: readonly Placed<R>[],
  { position: mark }: Mark,
  held: ReadonlyMap<string, Held>,
): Decided<R> {
  const end = { sequenceNumber, record, ordinal: WHOLE_RECORD };
  const whole = held.get(heldRowKey(end));
  const mayCount = (one: Held): boolean => one.by === '' || one.by === by;
  const own: R[] = [];
  const operations: Operation[] = [];
  for (const { row, position } of placed) {
    const known = held.get(heldRowKey(position));
    const at = known ?? whole;
    if (at ? !mayCount(at) : isTracked && comparePositions(position, mark) <= 0) continue;
    own.push(row);
    if (at === undefined || known?.by === '') operations.push(writeHeld(position, by, known));
  }
  if (whole?.by === '') operations.push(writeHeld(end, by, whole));
  // Nothing of it was decided before.
  if (own.length === placed.length && operations.length > 0 && operations.every(({ kind }) => kind === 'create'))
    return { own, operations: [writeHeld(end, by)], end };
  return { own, operations, end };
}

/** The mark passes each record with the transaction that says who counts it. */
async function write(
  { store, tables }: Pick<EngineOptions, 'store' | 'tables'>,
  partitionKey: string,
  read: Mark,
  decided: readonly Decided<unknown>[],
): Promise<void> {
  let mark = read;
  let operations: Operation[] = [];
  let end: RowPosition | undefined;
  const send = async (): Promise<void> => {
    const passes = end !== undefined && comparePositions(mark.position, end) < 0;
    const all = passes ? [writeMark({ ...mark, position: end! }), ...operations] : operations;
    if (all.length === 0) return;
    const [etag] = await store.transact(tables.state, partitionKey, all);
    if (passes) mark = { ...mark, position: end!, etag };
    operations = [];
  };
  for (const one of decided) {
    if (operations.length + one.operations.length > MOST_HELD) await send();
    for (const operation of one.operations) {
      // Only of a record of so many rows, which the mark passes with the last of them.
      if (operations.length === MOST_HELD) await send();
      operations.push(operation);
    }
    end = one.end;
  }
  await send();
}
