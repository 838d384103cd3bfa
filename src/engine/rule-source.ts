import { deferPatterns } from '../kql';
import type { RulePlan } from '../plan/rule-plan';
import { isOutage } from '../state/errors';
import { lineageOf, SPREAD_MS } from './activation';
import { isDrained, type RuleCursor, readCursors, writeCursor } from './rule-cursor';
import { prepareRules, type RuleSet } from './rules';
import { readPlan } from './stored-plans';
import type { EngineOptions, PlanSet } from './types';

/** How often the plans in force are asked for, ms: far below SPREAD_MS, after which every process must know a new plan. */
const REFRESH_MS = 60_000;

/** The rules to run: the deployed ones, and those of earlier deployments that still own open windows. */
export class RuleSource {
  private deployed: readonly RulePlan[];
  /** Of the plans that are deployed; '' for those that the engine was made with. */
  private version = '';
  private set: RuleSet;
  private prepared = '';
  /** Lineages in force whose plans this version cannot run. */
  private refused = new Set<string>();
  private readAt = Number.NEGATIVE_INFINITY;
  private readAtTick = Number.NEGATIVE_INFINITY;

  /** Throws where a deployed plan does not fit this engine. */
  constructor(private readonly options: EngineOptions) {
    if (options.arePlansChecked) deferPatterns();
    this.deployed = options.plans.filter((plan) => plan.settings.enabled);
    this.set = prepareRules(this.deployed);
  }

  /**
   * The plans that are deployed now. Where they cannot be read the ones from before stay in force, and the reason is logged.
   */
  async deployment(): Promise<PlanSet> {
    const { deployedPlans, log } = this.options;
    try {
      const found = await deployedPlans?.();
      if (found && found.version !== this.version) {
        this.deployed = found.plans.filter((plan) => plan.settings.enabled);
        this.version = found.version;
      }
    } catch (error) {
      log({ level: 'error', message: 'deployed plans cannot be read', reason: (error as Error).message });
    }
    return { version: this.version, plans: this.deployed };
  }

  /** The rules at `now` (ms), at most a minute old. */
  async current(now: number): Promise<RuleSet> {
    if (this.options.mode === 'replay' || this.isFresh(now)) return this.set;
    await this.deployment();
    return this.refresh(now);
  }

  /** By two clocks: the system's may be set back, the monotonic one can stand still while the machine sleeps. */
  private isFresh(now: number): boolean {
    return Math.abs(now - this.readAt) < REFRESH_MS && performance.now() - this.readAtTick < REFRESH_MS;
  }

  /** The rules at `now` (ms), those of other deployments read anew. `known`: all cursors, where they have just been read. */
  async refresh(now: number, known?: readonly RuleCursor[]): Promise<RuleSet> {
    if (this.options.mode === 'replay') return this.set;
    const { store, tables, log } = this.options;
    // Kept as they are now: another call of this process may replace them while this one waits for the store.
    const { deployed, version } = this;
    const tick = performance.now();
    const own = new Set(deployed.map(lineageOf));
    const all = known ?? (await readCursors(store, tables.control));
    const cursors = all.filter(({ lineage }) => !own.has(lineage));
    const wanted = [version, ...cursors.map(({ lineage }) => lineage).sort()].join();
    let { set, refused } = this;
    if (wanted !== this.prepared) {
      refused = new Set();
      const refuse = (lineage: string, rule: string, reason: string): void => {
        refused.add(lineage);
        log({ level: 'error', message: 'a plan with open windows cannot be run by this version', rule, reason });
      };
      const plans = await Promise.all(cursors.map(({ lineage }) => readable(readPlan(store, tables.control, lineage))));
      plans.forEach((plan, i) => {
        const { lineage, ruleId } = cursors[i]!;
        if (!plan && !isDrained(cursors[i]!)) refuse(lineage, ruleId, 'there is none that it can read');
      });
      const found = plans.filter((plan) => plan !== undefined);
      set = prepareRules([...deployed, ...found], (plan, why) => refuse(lineageOf(plan), plan.rule.id, why));
    }
    await this.markUncounted(
      cursors.filter(({ lineage }) => refused.has(lineage)),
      now,
    );
    if (version !== this.version) return set;
    this.refused = refused;
    this.set = set;
    this.prepared = wanted;
    this.readAt = now;
    this.readAtTick = tick;
    return set;
  }

  /**
   * Events are not counted for a plan that cannot be run here: windows that began before it can be again, if ever, are incomplete. Said ahead
   * of time, so that every batch until the next refresh is covered, and no more often than that takes.
   */
  private async markUncounted(cursors: readonly RuleCursor[], now: number): Promise<void> {
    const { store, tables, maxAheadMs } = this.options;
    for (const cursor of cursors) {
      if (isDrained(cursor) || cursor.countedSince >= now + SPREAD_MS / 2 + maxAheadMs) continue;
      await writeCursor(store, tables.control, { ...cursor, countedSince: now + SPREAD_MS + maxAheadMs });
    }
  }
}

/** A plan that is damaged is none: it concerns its rule alone. */
const readable = (plan: Promise<RulePlan | undefined>): Promise<RulePlan | undefined> =>
  plan.catch((error: unknown) => {
    if (isOutage(error)) throw error;
    return undefined;
  });
