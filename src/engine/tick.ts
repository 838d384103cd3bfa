import type { PublishResult } from '../alerts/delivery/publish';
import type { MemoryGate } from './memory-gate';
import type { TimeBudget } from './time-budget';
import type { EngineOptions, FlushResult } from './types';

export type Counts = { -readonly [K in keyof FlushResult]: FlushResult[K] };

/** One call of flush: what all that it does goes by. */
export interface Tick {
  readonly options: EngineOptions;
  /** ms. */
  readonly now: number;
  /** The enqueued time (ms) up to which all partitions had been evaluated before anything else was read. */
  readonly watermark: number;
  readonly budget: TimeBudget;
  readonly gate: MemoryGate;
  readonly counts: Counts;
}

export const noCounts = (now: number): Counts => ({
  at: now,
  windows: 0,
  corrections: 0,
  failed: 0,
  waiting: 0,
  behind: 0,
  created: 0,
  revised: 0,
  withdrawn: 0,
  sent: 0,
  undelivered: 0,
  expired: 0,
  more: false,
});

export function addPublished(counts: Counts, { created, revised, withdrawn }: PublishResult): void {
  counts.created += created;
  counts.revised += revised;
  counts.withdrawn += withdrawn;
}
