import type { Source } from './ir';
import type { Row } from './values/types';

/** What a run of a plan needs from outside. */
export interface Runtime {
  /** `now()`: the end of the window, in ticks. */
  readonly now: bigint;
  /**
   * The rows of a table or of a leg's state, in canonical order, cells in the order of `source.columns`. The caller may keep the
   * array: it is not changed.
   */
  scan(source: Extract<Source, { kind: 'table' } | { kind: 'state' }>): readonly Row[];
  /** Results that are the same for every row of the run: `toscalar`, `in (table)`. Filled by the engine. */
  readonly cache: Map<object, unknown>;
  /** Most rows that an operator may hold; beyond it the run fails with a KqlError of kind `run`. */
  readonly maxRows: number;
}

const DEFAULT_MAX_ROWS = 5_000_000;

/** A runtime over tables in memory. */
export function createRuntime(options: { now: bigint; scan?: Runtime['scan']; maxRows?: number }): Runtime {
  return {
    now: options.now,
    scan: options.scan ?? (() => []),
    cache: new Map(),
    maxRows: options.maxRows ?? DEFAULT_MAX_ROWS,
  };
}
