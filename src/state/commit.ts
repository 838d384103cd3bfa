import { deleteChunks, type SplitValue, splitValue, writeChunks } from './chunks';
import { isConflict, StoreUnavailable } from './errors';
import { type GroupCache, KnownGroups } from './group-cache';
import { readGroups, type StoredGroup } from './groups';
import { groupRowKey, rowRowKey } from './keys';
import { LIMITS, operationSize } from './limits';
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
  /** How often another writer had changed the partition since it was read. */
  readonly conflicts: number;
}

/** After so many conflicts with other writers the host is asked to deliver the batch again. */
const ATTEMPTS = 10;

/**
 * Counts rows into a state partition, each exactly once, however often and in whatever cuts they are delivered.
 *
 * Reads the mark, then the groups; skips what is at or before the mark; writes groups and mark in one transaction that
 * fails unless the mark is still the one read. What does not fit into one transaction goes into several, each with the
 * mark at the last row it covers. When it returns, every row is durable; when it throws, those up to the mark are, and
 * the same call again does the rest. Nothing is written when every row has been counted before.
 *
 * A row that the store rejects (StoreRejected) keeps everything after it in the batch from being written: the caller may leave
 * it out and call again.
 *
 * @throws StoreUnavailable (also after too many conflicts with other writers), StoreRejected, TornValue; RangeError for rows
 *   out of order
 */
export async function commitBatch<R>(store: EntityStore, commit: Commit<R>): Promise<CommitResult> {
  checkOrder(commit.rows);
  const result = { written: 0, skipped: 0, transactions: 0, conflicts: 0 };
  for (;;) {
    try {
      await commitFromMark(store, commit, result);
      return { ...result, skipped: commit.rows.length - result.written };
    } catch (error) {
      if (!isConflict(error)) throw error;
      if (++result.conflicts === ATTEMPTS)
        throw new StoreUnavailable('other writers changed the partition too often', { cause: error });
    }
  }
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

async function commitFromMark<R>(
  store: EntityStore,
  { table, partitionKey, rows, fold, cache }: Commit<R>,
  result: { written: number; transactions: number; readonly conflicts: number },
): Promise<void> {
  if (rows.length === 0) return;
  const mark = await readMark(store, table, partitionKey);
  let rest = rows.filter((row) => comparePositions(row.position, mark.position) > 0);
  if (rest.length === 0) return;
  const place = `${table}/${partitionKey}`;
  const known = cache?.take(place, mark) ?? new KnownGroups(mark.groups === 0);
  if (!known.complete) {
    const groupKeys = new Set(rest.flatMap((row) => ('groupKey' in row ? [row.groupKey] : [])));
    const unknown = [...groupKeys].filter((groupKey) => !known.has(groupKey));
    const read = await readGroups(store, table, partitionKey, unknown, mark);
    for (const [groupKey, group] of read) known.touch(groupKey, group);
  }
  const view: View = { mark, groups: known, trusting: result.conflicts === 0 };
  while (rest.length > 0) {
    const step = nextStep(partitionKey, rest, fold, view);
    await writeChunks(store, table, partitionKey, step.chunks);
    const [etag] = await store.transact(table, partitionKey, step.operations);
    result.transactions++;
    result.written += step.rows;
    view.mark = { ...step.mark, etag };
    for (const [groupKey, group] of step.groups) view.groups.touch(groupKey, group);
    await deleteReplaced(store, table, partitionKey, step.replaced);
    rest = rest.slice(step.rows);
  }
  cache?.keep(place, known, view.mark);
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
    const taken = rows.slice(0, count);
    const step = buildStep(taken, fold, view);
    const sizes = new Map(
      step.operations.map((operation) => [operation.rowKey, operationSize(partitionKey, operation)]),
    );
    const shorter = prefixByBytes(taken, sizes, sizes.get(step.operations[0]!.rowKey)!);
    if (shorter >= count) return step;
    count = Math.max(1, shorter);
    if (taken.length === 1) return step;
  }
}

/** How many rows touch no more entities than fit beside the mark. */
function prefixByEntities<R>(rows: readonly CommitRow<R>[]): number {
  const keys = new Set<string>();
  for (const [i, row] of rows.entries()) {
    keys.add('groupKey' in row ? `g${row.groupKey}` : `r${i}`);
    if (keys.size === LIMITS.transactionEntities) return i;
  }
  return rows.length;
}

/** How many of the first rows fit into the bytes of a transaction. `sizes`: of the entities, with all rows folded in. */
function prefixByBytes<R>(rows: readonly CommitRow<R>[], sizes: ReadonlyMap<string, number>, markSize: number): number {
  const counted = new Set<string>();
  let bytes = markSize;
  for (const [i, row] of rows.entries()) {
    const rowKey = 'groupKey' in row ? groupRowKey(row.groupKey) : rowRowKey(row.position);
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
    if ('groupKey' in row) {
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
    const value = fold(stored?.value, members, groupKey);
    step.groups.set(groupKey, { value, chunks: put(groupRowKey(groupKey), value, stored === undefined) });
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
