import { timeBasisOf } from '../plan/rule-plan';
import { LegRunner } from '../streaming/leg-runner';
import type { EngineLeg, EngineRule, RuleSet } from './rules';

/** A leg of an older version of a rule with the row stage of the version in force, or why there can be none; {}: that one fails. */
export type Mended = { readonly leg: EngineLeg } | { readonly leg?: undefined; readonly why?: string };

/**
 * For a leg whose row stage fails on a record: the row stage of the same leg of the rule as it is deployed, writing into the failing leg's
 * state. Windows that an earlier version of a rule owns are run from that version's state, so a record that was put aside must be counted
 * there. It can be only where both keep the same kind of state. The deployed rules are the first of each id.
 */
export function mendedLeg(failing: EngineLeg, ruleId: string | undefined, { rules }: RuleSet): Mended {
  const found = failing.rules.map((old) => ({ old, mended: ofDeployed(failing, old, rules) }));
  if (found.every(({ mended }) => mended === failing)) return {};
  const [first] = found;
  const isOne = found.every(({ mended }) => mended === first!.mended);
  const other = isOne ? undefined : (found.find(({ old }) => old.plan.rule.id !== ruleId) ?? first);
  if (other)
    return { why: `its state is shared with the rule ${other.old.plan.rule.id}, which was not mended in the same way` };
  const { mended } = first!;
  if (typeof mended === 'string') return { why: mended };
  const { leg, paneMs } = mended.runner;
  const { hash } = failing.runner.leg;
  const runner = new LegRunner({ ...leg, hash }, paneMs, timeBasisOf(first!.old.plan.schedule));
  return { leg: { runner, rules: failing.rules } };
}

/** What the deployed version of a rule has in the place of a leg; a text: why nothing fits. */
function ofDeployed(failing: EngineLeg, old: EngineRule, rules: readonly EngineRule[]): EngineLeg | string {
  const deployed = rules.find(({ plan }) => plan.rule.id === old.plan.rule.id)!;
  if (deployed.legs.includes(failing)) return failing;
  const why = differs(old, deployed);
  if (why !== undefined) return why;
  const mended = deployed.legs[old.legs.indexOf(failing)]!;
  return differsInState(failing, mended) ?? mended;
}

function differs(old: EngineRule, deployed: EngineRule): string | undefined {
  if (old.legs.length !== deployed.legs.length) return 'the deployed version reads its tables another number of times';
  if (old.plan.stream.paneMs !== deployed.plan.stream.paneMs) return 'the deployed version has another schedule';
  if (timeBasisOf(old.plan.schedule) !== timeBasisOf(deployed.plan.schedule))
    return 'the deployed version goes by another time';
  return undefined;
}

/** Grouping and columns decide how state is stored; with groups the types of what is grouped do as well. */
function differsInState({ runner: a }: EngineLeg, { runner: b }: EngineLeg): string | undefined {
  const text = ({ leg }: LegRunner): string => JSON.stringify([leg.group ?? null, leg.columns], withoutPlaces);
  if (text(a) !== text(b)) return 'the deployed version groups it, or keeps columns, in another way';
  if (!a.leg.group) return undefined;
  const types = new Map(outputOf(a).map(({ name, type }) => [name, type]));
  const isOther = outputOf(b).some(({ name, type }) => types.has(name) && types.get(name) !== type);
  return isOther ? 'the deployed version groups columns of other types' : undefined;
}

const outputOf = (runner: LegRunner) => runner.schemaAt(0, runner.leg.branches[0]!.ops.length);

/** Places in the query say nothing of its meaning. */
const withoutPlaces = (key: string, value: unknown): unknown => (key === 'at' || key === 'stage' ? undefined : value);
