import type { Column, Op, OpOf, Pipeline } from '../kql';

/** One way of events into a leg: a source table and the operators that look at one row at a time. */
export interface Branch {
  readonly table: string;
  /** Columns read from the event. */
  readonly columns: readonly Column[];
  readonly ops: readonly Op[];
}

/**
 * One use of a source in a query. With `group`, surviving rows are folded into partial aggregates and the state is groups; else the
 * rows themselves are the state.
 */
export interface Leg {
  /** SHA-256 (hex, shortened) of all that decides what the state means. */
  readonly hash: string;
  /** Several only with `group`: a summarize right after a union. */
  readonly branches: readonly Branch[];
  readonly group?: OpOf<'summarize'>;
  /** Columns of the state's rows, or of the group's result. */
  readonly columns: readonly Column[];
}

/** A query taken apart for the stream. */
export interface StreamPlan {
  /** Width of a pane, ms: it divides frequency, period and every `TimeGenerated >= ago(x)` decided by pane. */
  readonly paneMs: number;
  readonly legs: readonly Leg[];
  /** What is left for the flush: reads `state` sources. */
  readonly flush: Pipeline;
}
