import { KqlError } from '../kql';
import { type CommitResult, commitBatch, type GroupedRow } from '../state/commit';
import { isConflict, isOutage, isRefusal, type StoreError } from '../state/errors';
import type { GroupCache } from '../state/group-cache';
import { inParallel } from '../state/in-parallel';
import { sourceId, statePartitionKey } from '../state/keys';
import type { Survivor } from '../streaming/leg-runner';
import type { BatchWatch } from './batch-watch';
import { textOf } from './faults';
import type { RecordAt } from './letter-box';
import { MOST_REQUESTS } from './most-requests';
import type { EngineLeg } from './rules';
import type { LegRow, Slice } from './slice';
import type { BatchSource, EngineOptions } from './types';

/** Rows of one state partition. */
export interface PaneRows {
  readonly leg: EngineLeg;
  readonly paneStart: number;
  readonly rows: readonly LegRow[];
  /** When the last of them was counted, ms by the store's clock; undefined: that is not known. */
  readonly countedAt: number | undefined;
}

/**
 * Counts the rows of a slice. The state partitions are independent of one another, so they are counted side by side. Within one of them order
 * stays: a row that cannot be counted has its letter before anything behind it is counted.
 */
export class SliceCommit {
  readonly counts = { matches: 0, redelivered: 0 };
  private readonly source: string;
  /** Letters that are being written: legs of one rule write the same letter, each with what is known by then. */
  private letters: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly options: Pick<EngineOptions, 'store' | 'tables' | 'deadLetters'>,
    private readonly cache: GroupCache,
    private readonly slice: Slice,
    private readonly from: BatchSource,
    private readonly watch: BatchWatch,
  ) {
    this.source = sourceId(from.namespace, from.hub, from.incarnation);
  }

  /** Throws what the store and `watch` throw, when nothing of it is under way any more: the rest must then be counted by another delivery. */
  async run(): Promise<PaneRows[]> {
    const partitions = [...this.slice.pending].flatMap(([leg, panes]) =>
      [...panes].map(([paneStart, rows]) => ({ leg, paneStart, rows })),
    );
    const counted: PaneRows[] = [];
    // Whoever notes which partition is being counted can note one at a time.
    const width = this.watch.isOneByOne ? 1 : MOST_REQUESTS;
    await inParallel(partitions, width, async (partition) => {
      this.watch.beat();
      counted.push({ ...partition, countedAt: await this.count(partition) });
    });
    return counted;
  }

  private async count({ leg, paneStart, rows }: Omit<PaneRows, 'countedAt'>): Promise<number | undefined> {
    this.counts.matches += rows.length;
    const { partition: hubPartition } = this.from;
    const stateHash = leg.runner.leg.hash;
    const partitionKey = statePartitionKey({ stateHash, paneStart, source: this.source, hubPartition });
    if (await this.watch.mayCount(partitionKey)) {
      const { skipped, at } = await this.commit(leg, partitionKey, rows);
      this.counts.redelivered += skipped;
      return at;
    }
    for (const { record } of rows) this.slice.box.failed(record, leg, 'poison', ENDED_PROCESS);
    return undefined;
  }

  /**
   * Commits rows. Where they cannot be counted for what they hold, halves are tried until the rows that cannot are found; these go to dead
   * letters, all others are counted.
   */
  private async commit(
    leg: EngineLeg,
    partitionKey: string,
    rows: readonly LegRow[],
  ): Promise<Pick<CommitResult, 'skipped' | 'at'>> {
    const { runner } = leg;
    try {
      return await commitBatch(this.options.store, {
        table: this.options.tables.state,
        partitionKey,
        rows: isGrouped(rows) ? rows : rows.map(({ row, position }) => ({ position, payload: runner.keep(row) })),
        fold: (stored, survivors: readonly Survivor[]) => runner.fold(stored, survivors),
        cache: this.cache,
      });
    } catch (error) {
      // A store that cannot be reached, or another writer. Anything else is these rows', or what is stored of their groups.
      if (isOutage(error) || isConflict(error)) throw error;
      const [only] = rows;
      if (rows.length === 1 && only) {
        await this.putAside(leg, only.record, error);
        return { skipped: 0 };
      }
      const half = Math.ceil(rows.length / 2);
      const first = await this.commit(leg, partitionKey, rows.slice(0, half));
      const second = await this.commit(leg, partitionKey, rows.slice(half));
      return { skipped: first.skipped + second.skipped };
    }
  }

  /** Writes the letter of a row that cannot be counted before anything behind it is counted: the mark would say that this was, too. */
  private putAside(leg: EngineLeg, record: RecordAt, error: unknown): Promise<void> {
    const { box } = this.slice;
    if (isRefusal(error)) box.failed(record, leg, 'state-rejected', (error as StoreError).message);
    else fail(this.slice, record, leg, error, 'state-rejected');
    const written = this.letters.then(() => this.options.deadLetters.write(box.alone(record, leg)));
    this.letters = written.catch(() => undefined);
    return written;
  }
}

/** All rows of a leg have a group, or none has. */
const isGrouped = (rows: readonly LegRow[]): rows is readonly (LegRow & GroupedRow<Survivor>)[] =>
  rows[0]?.groupKey !== undefined;

const ENDED_PROCESS = 'the process ended or hung whenever this was counted; it was not tried again';

/** A leg failed on a record. `kqlReason`: of a failure that is KQL's own. */
export function fail(slice: Slice, record: RecordAt, leg: EngineLeg, error: unknown, kqlReason = 'rule-failed'): void {
  slice.box.failed(record, leg, error instanceof KqlError ? kqlReason : 'rule-failed', textOf(error));
  for (const { plan } of leg.rules) slice.faults.add(error, plan.rule.id);
}
