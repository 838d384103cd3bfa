import { type RulePlan, timeBasisOf } from './rule-plan';

/** An NRT rule runs every minute: it waits no longer than one, ms. */
const NRT_GRACE = 60_000;

/** How long after its end a window of a rule is run, ms. `forAll`: the grace set for every rule, over the rule's own. */
export function graceOf({ settings, schedule }: Pick<RulePlan, 'settings' | 'schedule'>, forAll?: number): number {
  const grace = forAll ?? settings.graceMs;
  return timeBasisOf(schedule) === 'ingestion' ? Math.min(grace, NRT_GRACE) : grace;
}
