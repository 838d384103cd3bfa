import type { RulePlan } from '../rules/rule-plan';
import { lineageOf } from './activation';
import { readCursors } from './rule-cursor';
import { prepareRules, type RuleSet } from './rules';
import { readPlan } from './stored-plans';
import type { EngineOptions } from './types';

/** How often the plans in force are asked for, ms: well below the time that a new plan is given to spread. */
const REFRESH_MS = 60_000;

/** The rules to run: the deployed ones, and those of other deployments whose windows have not all closed. */
export class RuleSource {
  private readonly deployed: readonly RulePlan[];
  private set: RuleSet;
  private others = '';
  private readAt = Number.NEGATIVE_INFINITY;

  /** Throws where a deployed plan does not fit this engine. */
  constructor(private readonly options: EngineOptions) {
    this.deployed = options.plans.filter((plan) => plan.settings.enabled);
    this.set = prepareRules(this.deployed);
  }

  get plans(): readonly RulePlan[] {
    return this.deployed;
  }

  /** The rules at `now` (ms), at most a minute old. */
  async current(now: number): Promise<RuleSet> {
    if (this.options.clock === 'event' || Math.abs(now - this.readAt) < REFRESH_MS) return this.set;
    return this.refresh(now);
  }

  /** The rules at `now` (ms), read anew. */
  async refresh(now: number): Promise<RuleSet> {
    if (this.options.clock === 'event') return this.set;
    const { store, tables, log } = this.options;
    const own = new Set(this.deployed.map(lineageOf));
    const cursors = (await readCursors(store, tables.control)).filter(({ lineage }) => !own.has(lineage));
    const others = cursors
      .map(({ lineage }) => lineage)
      .sort()
      .join();
    if (others !== this.others) {
      const plans = await Promise.all(cursors.map(({ lineage }) => readPlan(store, tables.control, lineage)));
      plans.forEach((plan, i) => {
        if (!plan)
          log({
            level: 'error',
            message: 'a plan with open windows cannot be run by this version',
            rule: cursors[i]!.ruleId,
          });
      });
      this.set = prepareRules([...this.deployed, ...plans.filter((plan) => plan !== undefined)]);
      this.others = others;
    }
    this.readAt = now;
    return this.set;
  }
}
