import { createRuntime, KqlError, preparePipeline, readsClock, staysEmpty, ticksFromMs } from '../kql';
import { LegRunner } from '../streaming/leg-runner';
import { MergedPanes } from '../streaming/merged-panes';
import type { StreamPlan } from '../streaming/stream-plan';
import { withinsOf } from '../streaming/withins';

/**
 * Whether a window without events raises no alert: the flush stage gives no rows without state, because none of its operators makes rows of
 * nothing, or because it was tried where it does not hang on the clock.
 */
export function isSilent(stream: StreamPlan, trigger: { operator: string; threshold: number }): boolean {
  if (trigger.operator !== 'GreaterThan' || trigger.threshold < 0) return false;
  if (staysEmpty(stream.flush, (leg) => stream.legs[leg]?.group?.by.length !== 0)) return true;
  if (readsClock(stream.flush)) return false;
  const now = Date.UTC(2024, 0, 1);
  const states = stream.legs.map(
    (leg, i) => new MergedPanes(new LegRunner(leg, stream.paneMs), now, 1, withinsOf(stream.flush, i)),
  );
  const runtime = createRuntime({
    now: ticksFromMs(now),
    scan: (source) => (source.kind === 'state' ? states[source.leg]!.scan(source) : []),
  });
  try {
    return preparePipeline(stream.flush).run(runtime).rows.length === 0;
  } catch (error) {
    // Columns that only data makes are missing: Kusto refuses the query over nothing as well, and no row comes of it.
    if (error instanceof KqlError) return true;
    throw error;
  }
}
