import { type PreparedPipeline, preparePipeline, type Within } from '../kql';
import { type RulePlan, timeBasisOf } from '../plan/rule-plan';
import type { Requirement } from '../prefilter';
import { LegRunner } from '../streaming/leg-runner';
import { withinsOf } from '../streaming/withins';
import { lineageOf } from './activation';

/** A leg ready to run, once for all rules whose queries have it. */
export interface EngineLeg {
  readonly runner: LegRunner;
  readonly rules: EngineRule[];
}

/** A rule ready to run. */
export interface EngineRule {
  readonly plan: RulePlan;
  /** Part of the keys of the rule's cursor and notes; see `lineageOf`. */
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
  /** Of these, the legs whose windows go by the time of ingestion: no event is late for them, or stamped ahead. */
  readonly ingestionLegsByTable: ReadonlyMap<string, readonly EngineLeg[]>;
  readonly requirements: readonly (readonly Requirement[])[];
}

/**
 * Prepares plans. `refuse` is told of each that this engine cannot run, which is then left out; without it such a plan throws: the start of
 * what is deployed must fail, not the events.
 */
export function prepareRules(plans: readonly RulePlan[], refuse?: (plan: RulePlan, reason: string) => void): RuleSet {
  const legs = new Map<string, EngineLeg>();
  const enabled = plans.filter((plan) => plan.settings.enabled);
  const rules: EngineRule[] = [];
  for (const plan of enabled) {
    try {
      rules.push(prepareRule(plan, legs));
    } catch (error) {
      if (!refuse) throw error;
      refuse(plan, (error as Error).message);
    }
  }
  const all = [...legs.values()];
  return {
    rules,
    legs: all,
    legsByTable: byTable(all),
    ingestionLegsByTable: byTable(all.filter(({ runner }) => runner.timeBasis === 'ingestion')),
    requirements: rules.flatMap(({ plan }) => plan.requirements),
  };
}

function byTable(legs: readonly EngineLeg[]): Map<string, EngineLeg[]> {
  const result = new Map<string, EngineLeg[]>();
  for (const leg of legs) for (const table of leg.runner.tables) result.set(table, [...(result.get(table) ?? []), leg]);
  return result;
}

/** Adds its legs to those of the other rules only when all of it is ready. */
function prepareRule(plan: RulePlan, legs: Map<string, EngineLeg>): EngineRule {
  const timeBasis = timeBasisOf(plan.schedule);
  const made = new Map<string, EngineLeg>();
  const own = plan.stream.legs.map((leg) => {
    const known = legs.get(leg.hash) ?? made.get(leg.hash);
    if (known) return known;
    const fresh: EngineLeg = { runner: new LegRunner(leg, plan.stream.paneMs, timeBasis), rules: [] };
    made.set(leg.hash, fresh);
    return fresh;
  });
  const rule: EngineRule = {
    plan,
    lineage: lineageOf(plan),
    legs: own,
    flush: preparePipeline(plan.stream.flush),
    withins: own.map((_, i) => withinsOf(plan.stream.flush, i)),
  };
  for (const leg of own) {
    legs.set(leg.runner.leg.hash, leg);
    if (!leg.rules.includes(rule)) leg.rules.push(rule);
  }
  return rule;
}
