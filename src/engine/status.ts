import { type PendingSink, readPending } from '../alerts/delivery/pending';
import { type Heartbeat, readHeartbeat } from './heartbeat';
import { readCursorsAsLooked } from './idle-rules';
import { countLatePanes } from './late-panes';
import { hubLag, readProgress, watermarkOf } from './progress';
import { isDrained, type RuleCursor } from './rule-cursor';
import { readTablesSeen } from './tables-seen';
import type { EngineOptions, PartitionEnd } from './types';

/** Where a rule stands. */
export interface RuleLag {
  readonly ruleId: string;
  /** End of the last window that was run, ms since 1970. */
  readonly last: number;
  /** How long the next window is overdue, ms; negative: it is not due yet. */
  readonly overdueMs: number;
  /** Since when it waits for partitions to be read, ms since 1970; 0: it does not. */
  readonly waitingSince: number;
}

/** How an app does, from its tables and its hub. */
export interface EngineStatus {
  /** ms since 1970. */
  readonly at: number;
  readonly heartbeat: Heartbeat | undefined;
  /** The rule that is furthest behind comes first. Empty in a replay, which keeps no cursors. */
  readonly rules: readonly RuleLag[];
  /** Notes of panes that got late events. */
  readonly correctionsWaiting: number;
  readonly pending: readonly PendingSink[];
  /** Absent: the hub was not asked. */
  readonly hub?: {
    readonly partitions: number;
    /** Messages not evaluated yet. */
    readonly messages: number;
    /** How long ago the hub took in what was evaluated last of the partition furthest behind, ms; 0: all is evaluated. */
    readonly behindMs: number;
  };
  /** When the hub took in the last event seen of a table, ms since 1970. */
  readonly tables: ReadonlyMap<string, number>;
}

export interface StatusOptions {
  readonly now: number;
  /** Grace of a rule, ms, where it is known. */
  readonly graceMs: (ruleId: string) => number;
  readonly ends?: readonly PartitionEnd[];
}

/** At most so many entities of a kind are counted. */
const MOST = 5_000;

/** Reads how an app does; the work is bounded. Throws StoreUnavailable, StoreRejected. */
export async function readStatus(
  { store, tables }: Pick<EngineOptions, 'store' | 'tables'>,
  { now, graceMs, ends }: StatusOptions,
): Promise<EngineStatus> {
  const [cursors, heartbeat, correctionsWaiting, pending, progress, seen] = await Promise.all([
    readCursorsAsLooked(store, tables.control),
    readHeartbeat(store, tables.control),
    countLatePanes(store, tables.control, MOST),
    readPending({ store, table: tables.alerts }, MOST),
    readProgress(store, tables.control),
    readTablesSeen(store, tables.control),
  ]);
  const watermark = ends && watermarkOf(ends, progress);
  return {
    at: now,
    heartbeat,
    rules: lagsOf(cursors, now, graceMs),
    correctionsWaiting,
    pending: pending.sinks,
    tables: seen,
    ...(ends && watermark !== undefined
      ? {
          hub: {
            partitions: ends.length,
            messages: hubLag(ends, progress),
            behindMs: Number.isFinite(watermark) ? Math.max(0, now - watermark) : watermark > 0 ? 0 : now,
          },
        }
      : {}),
  };
}

function lagsOf(cursors: readonly RuleCursor[], now: number, graceMs: (ruleId: string) => number): RuleLag[] {
  const lags = cursors
    .filter((cursor) => !isDrained(cursor))
    .map(({ ruleId, lastRunEnd, frequencyMs, waitingSince }) => ({
      ruleId,
      last: lastRunEnd,
      overdueMs: now - (lastRunEnd + frequencyMs + graceMs(ruleId)),
      waitingSince,
    }));
  return lags.sort((a, b) => b.overdueMs - a.overdueMs);
}
