import { type PreparedPipeline, preparePipeline, type Within } from '../kql';
import type { RulePlan } from '../plan/rule-plan';
import type { Requirement } from '../prefilter';
import { LegRunner } from '../streaming/leg-runner';
import { withinsOf } from '../streaming/withins';
import { lineageOf } from './activation';

/** A rule's leg, shared by every rule that has the same. */
export interface EngineLeg {
  readonly runner: LegRunner;
  readonly clock: 'event' | 'enqueued';
  readonly rules: EngineRule[];
}

/** A rule ready to run. */
export interface EngineRule {
  readonly plan: RulePlan;
  /** Names the rule's cursor and notes; see `lineageOf`. */
  readonly lineage: string;
  readonly legs: readonly EngineLeg[];
  readonly flush: PreparedPipeline;
  /** For each leg, the bounds under which the flush reads it. */
  readonly withins: readonly (readonly (Within | undefined)[])[];
}

export interface RuleSet {
  readonly rules: readonly EngineRule[];
  readonly legs: readonly EngineLeg[];
  readonly legsByTable: ReadonlyMap<string, readonly EngineLeg[]>;
  readonly requirements: readonly (readonly Requirement[])[];
}

/** Prepares plans. A plan that this engine cannot run throws: the start must fail, not the events. */
export function prepareRules(plans: readonly RulePlan[]): RuleSet {
  const legs = new Map<string, EngineLeg>();
  const rules = plans
    .filter((plan) => plan.settings.enabled)
    .map((plan): EngineRule => {
      const own = plan.stream.legs.map((leg) => {
        const known = legs.get(leg.hash);
        if (known) return known;
        const made: EngineLeg = {
          runner: new LegRunner(leg, plan.stream.paneMs, plan.schedule.clock),
          clock: plan.schedule.clock,
          rules: [],
        };
        legs.set(leg.hash, made);
        return made;
      });
      const rule: EngineRule = {
        plan,
        lineage: lineageOf(plan),
        legs: own,
        flush: preparePipeline(plan.stream.flush),
        withins: own.map((_, i) => withinsOf(plan.stream.flush, i)),
      };
      for (const leg of own) if (!leg.rules.includes(rule)) leg.rules.push(rule);
      return rule;
    });
  const all = [...legs.values()];
  const legsByTable = new Map<string, EngineLeg[]>();
  for (const leg of all) {
    for (const table of leg.runner.tables) legsByTable.set(table, [...(legsByTable.get(table) ?? []), leg]);
  }
  return {
    rules,
    legs: all,
    legsByTable,
    requirements: plans.filter((plan) => plan.settings.enabled).flatMap((plan) => plan.requirements),
  };
}
