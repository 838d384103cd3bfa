import type { Column, Op, OpOf, Pipeline } from '../kql';

/** What windows are cut by: an event's own TimeGenerated, or (NRT rules) its ingestion time, which is when the hub took it in. */
export type TimeBasis = 'event' | 'ingestion';

/** A source table of a leg, and the operators that run on its rows one at a time, when they arrive. */
export interface Branch {
  readonly table: string;
  /** Columns read from the event. */
  readonly columns: readonly Column[];
  readonly ops: readonly Op[];
}

/**
 * One use of a source table in a query, with the state that is kept for it. With `group`, surviving rows are folded into partial aggregates,
 * and the groups are the state; otherwise the rows themselves are.
 */
export interface Leg {
  /** The state hash: SHA-256 (hex, shortened) of everything that decides what the stored state means; see `legHash`. */
  readonly hash: string;
  /** More than one only with `group`: the members of a union that a `summarize` follows. */
  readonly branches: readonly Branch[];
  readonly group?: OpOf<'summarize'>;
  /** Columns of the state's rows, or of the group's result. */
  readonly columns: readonly Column[];
}

/** A query split for the stream: what runs when an event arrives, and what runs when a window closes. */
export interface StreamPlan {
  /** Width of a pane, ms: it divides frequency, period and every `TimeGenerated >= ago(x)` decided by pane. */
  readonly paneMs: number;
  readonly legs: readonly Leg[];
  /** The flush stage: what runs when a window closes. It reads `state` sources. */
  readonly flush: Pipeline;
}
