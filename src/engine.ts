import type { BatchWatch } from './engine/batch-watch';
import { Evaluator } from './engine/evaluate';
import { Flusher } from './engine/flush';
import { RuleSource } from './engine/rule-source';
import type { Batch, EngineOptions, EvaluateResult, FlushResult } from './engine/types';

export type { BatchWatch } from './engine/batch-watch';
export { Resender, type ResendOptions } from './engine/resend';
export type { Resent } from './engine/resent';
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
export { DEFAULTS } from './plan/defaults';

/**
 * The two verbs that everything else serves. They share nothing but the store: each may run in a process of its own, any number of times,
 * and be killed anywhere.
 */
export interface Engine {
  /** Counts a batch of one partition's messages. Throws StoreUnavailable, and what `watch` throws: deliver the batch again. */
  evaluate(batch: Batch, watch?: BatchWatch): Promise<EvaluateResult>;
  /** Runs what is due at `now` (ms) and sends alerts. Throws StoreUnavailable: call again. */
  flush(now: number): Promise<FlushResult>;
}

/** Prepares the rules; throws where a plan does not fit this engine. */
export function createEngine(options: EngineOptions): Engine {
  const source = new RuleSource(options);
  const evaluator = new Evaluator(source, options);
  const flusher = new Flusher(source, options);
  return { evaluate: (batch, watch) => evaluator.evaluate(batch, watch), flush: (now) => flusher.flush(now) };
}
