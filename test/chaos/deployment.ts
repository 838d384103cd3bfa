import { lineageOf } from '../../src/engine/activation';
import type { PlanSet } from '../../src/engine/types';
import type { Random } from '../support/random';
import type { ChaosRule, RuleVersion } from './rules';
import { count } from './world';

/** The rules of a history as they are deployed. */
export class Deployment {
  readonly deployed = new Map<string, RuleVersion>();
  /** Ids of rules that were removed at some time, or began while events came. */
  readonly interrupted = new Set<string>();
  current: PlanSet;

  constructor(
    readonly rules: readonly ChaosRule[],
    private readonly random: Random,
    private readonly happened: Map<string, number>,
  ) {
    for (const rule of rules) this.deployed.set(rule.plan.rule.id, rule.versions[0]!);
    this.current = this.planSet('0');
  }

  /** A rule is edited, rolled back, removed or brought back. */
  change(): void {
    const { random } = this;
    const { plan, versions } = random.pick(this.rules);
    const { id } = plan.rule;
    const now = this.deployed.get(id);
    if (now && random.chance(15)) {
      this.deployed.delete(id);
      this.interrupted.add(id);
      count(this.happened, 'rule removed');
    } else {
      const next = random.pick(versions);
      const isSame = now && lineageOf(now.plan) === lineageOf(next.plan);
      count(
        this.happened,
        !now ? 'rule brought back' : isSame ? 'rule edited, same state' : 'rule edited, other state',
      );
      this.deployed.set(id, next);
    }
    this.current = this.planSet(String(Number(this.current.version) + 1));
  }

  private planSet(version: string): PlanSet {
    return { version, plans: [...this.deployed.values()].map(({ plan }) => plan) };
  }
}
