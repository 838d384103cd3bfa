import { Evaluator } from './engine/evaluate';
import { Flusher } from './engine/flush';
import { RuleSource } from './engine/rule-source';
import type { Batch, EngineOptions, EvaluateResult, FlushResult } from './engine/types';

export { Resender, type ResendOptions, type Resent } from './engine/resend';
export type {
  Batch,
  BatchSource,
  DeadLetterWriter,
  EngineOptions,
  EvaluateResult,
  FlushResult,
  LogEvent,
  PartitionEnd,
  PlanSet,
  TableNames,
  UnevaluatedRecord,
} from './engine/types';

/**
 * The two verbs that everything else serves. They share nothing but the store: each may run in a process of its own, any number of times,
 * and be killed anywhere.
 */
export interface Engine {
  /** Counts a batch of one partition's messages. Throws StoreUnavailable: deliver the batch again. */
  evaluate(batch: Batch): Promise<EvaluateResult>;
  /** Runs what is due at `now` (ms) and sends alerts. Throws StoreUnavailable: call again. */
  flush(now: number): Promise<FlushResult>;
}

export const DEFAULTS = {
  maxLateMs: 86_400_000,
  maxAheadMs: 3_600_000,
  maxWaitMs: 6 * 3_600_000,
  maxWindowsPerFlush: 100,
  maxRowsPerWindow: 1_000_000,
  maxExpiredPerFlush: 2_000,
  keepAlertsMs: 90 * 86_400_000,
} as const;

/** Prepares the rules; throws where a plan does not fit this engine. */
export function createEngine(options: EngineOptions): Engine {
  const source = new RuleSource(options);
  const evaluator = new Evaluator(source, options);
  const flusher = new Flusher(source, options);
  return { evaluate: (batch) => evaluator.evaluate(batch), flush: (now) => flusher.flush(now) };
}
