import { msFromTicks, parseDatetime } from '../kql';
import { timeBasisOf } from '../plan/rule-plan';
import type { EngineLeg } from './rules';

/** Start (ms) of the pane of a leg that a record falls into, whatever its row stage makes of it. `ingestion`: when the hub took it in, ms. */
export function paneStampOf(
  { runner, rules }: EngineLeg,
  fields: Readonly<Record<string, unknown>>,
  ingestion: number,
): number {
  const isByEvent = timeBasisOf(rules[0]!.plan.schedule) === 'event';
  const ticks = isByEvent ? parseDatetime(String(fields.TimeGenerated)) : null;
  return Math.floor((ticks === null ? ingestion : msFromTicks(ticks)) / runner.paneMs) * runner.paneMs;
}
