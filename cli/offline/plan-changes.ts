import { lineageOf } from '../../src/engine/activation';
import type { RulePlan } from '../../src/plan/rule-plan';

/**
 * What becomes of a rule when plans take the place of others: `changed` keeps its state and takes over at once, `restarted` keeps other
 * state, so that windows that are open are left to the plan before.
 */
export type Change = 'new' | 'unchanged' | 'changed' | 'restarted' | 'removed';

export interface RuleChange {
  readonly id: string;
  readonly name: string;
  readonly change: Change;
  /** Of the plan that is deployed; of a removed one, that was. */
  readonly hash: string;
  readonly periodMs: number;
}

/** Rules of both sets, by name. A rule that is switched off counts as none. */
export function planChanges(before: readonly RulePlan[], after: readonly RulePlan[]): RuleChange[] {
  const enabled = (plans: readonly RulePlan[]): Map<string, RulePlan> =>
    new Map(plans.filter(({ settings }) => settings.enabled).map((plan) => [plan.rule.id, plan]));
  const old = enabled(before);
  const fresh = enabled(after);
  const changes = [...fresh.values()].map((plan) => changeOf(plan, changeFrom(old.get(plan.rule.id), plan)));
  for (const [id, plan] of old) if (!fresh.has(id)) changes.push(changeOf(plan, 'removed'));
  return changes.sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
}

function changeFrom(old: RulePlan | undefined, plan: RulePlan): Change {
  if (!old) return 'new';
  if (old.hash === plan.hash) return 'unchanged';
  return lineageOf(old) === lineageOf(plan) ? 'changed' : 'restarted';
}

const changeOf = ({ rule, hash, schedule }: RulePlan, change: Change): RuleChange => ({
  id: rule.id,
  name: rule.name,
  change,
  hash,
  periodMs: schedule.periodMs,
});
