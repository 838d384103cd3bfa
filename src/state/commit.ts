import { deleteChunks, type SplitValue, splitValue, writeChunks } from './chunks';
import { isConflict, isOutage, StoreUnavailable } from './errors';
import { type GroupCache, KnownGroups, type KnownPartition } from './group-cache';
import { readGroups, type StoredGroup } from './groups';
import { groupRowKey, rowRowKey } from './keys';
import { fitTransaction, LIMITS, operationSize } from './limits';
import { type Mark, readMark, writeMark } from './mark';
import { comparePositions, encodePosition, type RowPosition } from './position';
import type { EntityStore, Operation } from './store';

/** A surviving row to be folded into the partial aggregate of its group. */
export interface GroupedRow<R> {
  readonly position: RowPosition;
  readonly groupKey: string;
  readonly row: R;
}

/** A surviving row to be kept as it is (row state). */
export interface KeptRow {
  readonly position: RowPosition;
  readonly groupKey?: undefined;
  readonly payload: string;
}

export type CommitRow<R> = GroupedRow<R> | KeptRow;

/**
 * The partial aggregate of a group after some more rows. It must be pure: it is called again when a transaction has to be
 * cut shorter, or when another writer has changed the partition meanwhile.
 *
 * @param stored what an earlier call returned for this group, undefined for a new one
 * @param rows in the order of their positions, at least one
 */
export type Fold<R> = (stored: string | undefined, rows: readonly R[], groupKey: string) => string;

export interface Commit<R> {
  readonly table: string;
  readonly partitionKey: string;
  /** In strictly ascending order of position. */
  readonly rows: readonly CommitRow<R>[];
  readonly fold: Fold<R>;
  /** Kept by the caller from batch to batch to spare reads; without it every group is read. */
  readonly cache?: GroupCache;
}

export interface CommitResult {
  /** Rows written by this call. */
  readonly written: number;
  /** Rows that the mark said were counted before. */
  readonly skipped: number;
  readonly transactions: number;
  /** How often another writer had changed the partition since it was read, or since this process last wrote it. */
  readonly conflicts: number;
  /**
   * When the last of the rows was counted by this call, ms by the store's clock. Absent: another writer counted it, or the store does not say
   * what time it is.
   */
  readonly at?: number;
}

type Counts = { -readonly [K in keyof CommitResult]: CommitResult[K] };

/** After so many conflicts with other writers the host is asked to deliver the batch again. */
const ATTEMPTS = 10;

/**
 * Counts rows into a state partition, each exactly once, however often and in whatever cuts they are delivered.
 *
 * Reads the mark, then the groups; skips what is at or before the mark; writes groups and mark in one transaction that
 * fails unless the mark is still the one read. Where the cache knows the mark that this process wrote last, nothing is read: the
 * transaction fails all the same where that is no longer the mark, and then it is read. What does not fit into one transaction goes into
 * several, each with the mark at the last row it covers. When it returns, every row is durable; when it throws, those up to the mark are, and
 * the same call again does the rest. Nothing is written when every row has been counted before.
 *
 * A row that the store rejects (StoreRejected) keeps everything after it in the batch from being written: the caller may leave
 * it out and call again.
 *
 * @throws StoreUnavailable (also after too many conflicts with other writers), StoreRejected, TornValue; RangeError for rows
 *   out of order
 */
export async function commitBatch<R>(store: EntityStore, commit: Commit<R>): Promise<CommitResult> {
  const { rows, cache } = commit;
  checkOrder(rows);
  const result: Counts = { written: 0, skipped: 0, transactions: 0, conflicts: 0 };
  if (rows.length === 0) return result;
  const place = `${commit.table}/${commit.partitionKey}`;
  let known = cache?.take(place);
  for (;;) {
    try {
      const left = await commitFrom(known ?? (await readPartition(store, commit)), store, commit, result);
      if (left.mark.etag !== undefined) cache?.keep(place, left.known, left.mark);
      return { ...result, skipped: rows.length - result.written };
    } catch (error) {
      const isOld = known !== undefined;
      known = undefined;
      if (isConflict(error)) {
        if (++result.conflicts === ATTEMPTS)
          throw new StoreUnavailable('other writers changed the partition too often', { cause: error });
      } else if (!isOld || isOutage(error)) throw error;
      // Whatever else failed on what was known from before may not fail on what is there now.
    }
  }
}

async function readPartition<R>(store: EntityStore, { table, partitionKey }: Commit<R>): Promise<KnownPartition> {
  const mark = await readMark(store, table, partitionKey);
  return { mark, known: new KnownGroups(mark.groups === 0) };
}

interface View {
  mark: Mark;
  readonly groups: KnownGroups;
  /**
   * Whether a group that is not known can be taken not to exist. It is then created, which is cheaper than an upsert. Not after
   * a conflict: should an entity be there all the same, every further try would fail.
   */
  readonly trusting: boolean;
}

/** Returns what is known of the partition afterwards. */
async function commitFrom<R>(
  { mark, known }: KnownPartition,
  store: EntityStore,
  { table, partitionKey, rows, fold }: Commit<R>,
  result: Counts,
): Promise<KnownPartition> {
  let rest = after(rows, mark);
  if (rest.length > 0) await readUnknown(store, { table, partitionKey, mark }, rest, known);
  const view: View = { mark, groups: known, trusting: result.conflicts === 0 };
  while (rest.length > 0) {
    const step = nextStep(partitionKey, rest, fold, view);
    await writeChunks(store, table, partitionKey, step.chunks);
    const written = await store.transact(table, partitionKey, step.operations);
    result.transactions++;
    result.written += step.rows;
    view.mark = { ...step.mark, etag: written[0] };
    for (const [groupKey, group] of step.groups) view.groups.touch(groupKey, group);
    await deleteReplaced(store, table, partitionKey, step.replaced);
    rest = rest.slice(step.rows);
    if (rest.length === 0 && written.time !== undefined) result.at = written.time;
  }
  return { mark: view.mark, known };
}

/** The rows behind a mark. */
function after<R>(rows: readonly CommitRow<R>[], { position }: Mark): readonly CommitRow<R>[] {
  let first = 0;
  while (first < rows.length && comparePositions(rows[first]!.position, position) <= 0) first++;
  return first === 0 ? rows : rows.slice(first);
}

/** Reads the groups of rows that are not known. The mark must be known already: what is committed meanwhile makes the write fail. */
async function readUnknown<R>(
  store: EntityStore,
  { table, partitionKey, mark }: { table: string; partitionKey: string; mark: Mark },
  rows: readonly CommitRow<R>[],
  known: KnownGroups,
): Promise<void> {
  if (known.complete) return;
  const unknown = new Set<string>();
  for (const { groupKey } of rows) if (groupKey !== undefined && !known.has(groupKey)) unknown.add(groupKey);
  for (const [groupKey, group] of await readGroups(store, table, partitionKey, [...unknown], mark))
    known.touch(groupKey, group);
}

async function deleteReplaced(
  store: EntityStore,
  table: string,
  partitionKey: string,
  values: readonly (readonly string[])[],
) {
  for (const chunks of values) await deleteChunks(store, table, partitionKey, chunks);
}

/** One transaction: as many of the first rows as fit into it. */
interface Step {
  readonly rows: number;
  readonly operations: Operation[];
  readonly mark: Mark;
  readonly groups: Map<string, StoredGroup>;
  /** To be written before the transaction. */
  readonly chunks: SplitValue['chunks'];
  /** Chunks that no head names after the transaction, one list a group. */
  readonly replaced: (readonly string[])[];
}

function nextStep<R>(partitionKey: string, rows: readonly CommitRow<R>[], fold: Fold<R>, view: View): Step {
  let count = prefixByEntities(rows);
  for (;;) {
    const taken = count === rows.length ? rows : rows.slice(0, count);
    const step = buildStep(taken, fold, view);
    if (fitTransaction(partitionKey, step.operations) || taken.length === 1) return step;
    count = Math.max(1, prefixByBytes(partitionKey, taken, step));
    if (count >= taken.length) return step;
  }
}

/** How many rows touch no more entities than fit beside the mark. */
function prefixByEntities<R>(rows: readonly CommitRow<R>[]): number {
  const most = LIMITS.transactionEntities - 1;
  if (rows.length <= most) return rows.length;
  const groups = new Set<string>();
  let kept = 0;
  for (const [i, row] of rows.entries()) {
    if (row.groupKey === undefined) kept++;
    else groups.add(row.groupKey);
    if (groups.size + kept > most) return i;
  }
  return rows.length;
}

/** How many of the first rows fit into the bytes of a transaction. `step`: with all rows folded in. */
function prefixByBytes<R>(
  partitionKey: string,
  rows: readonly CommitRow<R>[],
  { operations, groups }: Pick<Step, 'operations' | 'groups'>,
): number {
  const sizes = new Map(operations.map((operation) => [operation.rowKey, operationSize(partitionKey, operation)]));
  const counted = new Set<string>();
  let bytes = sizes.get(operations[0]!.rowKey)!;
  for (const [i, row] of rows.entries()) {
    const rowKey = row.groupKey === undefined ? rowRowKey(row.position) : groups.get(row.groupKey)!.rowKey;
    if (counted.has(rowKey)) continue;
    counted.add(rowKey);
    bytes += sizes.get(rowKey) ?? 0;
    if (bytes > LIMITS.transactionBytes) return i;
  }
  return rows.length;
}

function buildStep<R>(rows: readonly CommitRow<R>[], fold: Fold<R>, { mark, groups, trusting }: View): Step {
  const position = rows[rows.length - 1]!.position;
  const version = encodePosition(position);
  const step = {
    operations: [] as Operation[],
    groups: new Map<string, StoredGroup>(),
    replaced: [] as (readonly string[])[],
  };
  const chunks: SplitValue['chunks'][number][] = [];
  const put = (rowKey: string, value: string, isNew: boolean): readonly string[] => {
    const split = splitValue(rowKey, value, version);
    step.operations.push({ kind: isNew && trusting ? 'create' : 'upsert', rowKey, properties: split.head });
    chunks.push(...split.chunks);
    return split.chunks.map((chunk) => chunk.rowKey);
  };
  const byGroup = new Map<string, R[]>();
  let keptRows = 0;
  for (const row of rows) {
    if (row.groupKey !== undefined) {
      const members = byGroup.get(row.groupKey);
      if (members) members.push(row.row);
      else byGroup.set(row.groupKey, [row.row]);
    } else {
      put(rowRowKey(row.position), row.payload, true);
      keptRows++;
    }
  }
  let newGroups = 0;
  for (const [groupKey, members] of byGroup) {
    const stored = groups.get(groupKey);
    if (!stored) newGroups++;
    const rowKey = stored?.rowKey ?? groupRowKey(groupKey);
    const value = fold(stored?.value, members, groupKey);
    step.groups.set(groupKey, { value, rowKey, chunks: put(rowKey, value, stored === undefined) });
    if (stored && stored.chunks.length > 0) step.replaced.push(stored.chunks);
  }
  const next = {
    position,
    groups: mark.groups + newGroups,
    rows: mark.rows + keptRows,
    matches: mark.matches + rows.length,
    etag: mark.etag,
  };
  return { ...step, rows: rows.length, operations: [writeMark(next), ...step.operations], mark: next, chunks };
}

function checkOrder<R>(rows: readonly CommitRow<R>[]): void {
  for (let i = 1; i < rows.length; i++)
    if (comparePositions(rows[i - 1]!.position, rows[i]!.position) >= 0) throw new RangeError('rows out of order');
}
