import { lineageOf } from '../../src/engine/activation';
import type { PlanSet } from '../../src/engine/types';
import type { EntityStore, StoredEntity } from '../../src/state/store';
import type { Random } from '../support/random';
import { MINUTE } from '../support/stream';
import type { ChaosRule, RuleVersion } from './rules';
import { count, type Process } from './world';

/** How long a process may go on with the plans of the deployment before, ms; a minute more is what it remembers. Less than plans take to spread. */
const BEHIND = [MINUTE, 4 * MINUTE, 8 * MINUTE];

/** The rules of a history as they are deployed, and the version of the program that runs them. */
export class Deployment {
  readonly deployed = new Map<string, RuleVersion>();
  /** Ids of rules that were removed at some time, or began while events came, or could not be run for a while. */
  readonly interrupted = new Set<string>();
  current: PlanSet;
  private readonly behind = new Map<Process, { readonly plans: PlanSet; readonly until: number }>();
  /** While the program is rolled back: the version of a rule that it cannot run. */
  private ahead: RuleVersion | undefined;

  constructor(
    readonly rules: readonly ChaosRule[],
    private readonly random: Random,
    private readonly happened: Map<string, number>,
  ) {
    for (const rule of rules) this.deployed.set(rule.plan.rule.id, rule.versions[0]!);
    this.current = this.planSet('0');
  }

  /** What a process finds deployed at `now`, ms. */
  of(process: Process, now: number): PlanSet {
    const behind = this.behind.get(process);
    if (!behind || now >= behind.until) return this.current;
    count(this.happened, 'older process beside a newer');
    return behind.plans;
  }

  /** A rule is edited, rolled back, removed or brought back. Some of the processes go on with what was deployed before. `now`: ms. */
  change(now: number, processes: readonly Process[] = []): void {
    const { random, ahead } = this;
    const { plan, versions } = random.pick(this.rules);
    const { id } = plan.rule;
    if (id === ahead?.plan.rule.id) return;
    const deployed = this.deployed.get(id);
    if (deployed && random.chance(15)) {
      this.deployed.delete(id);
      this.interrupted.add(id);
      count(this.happened, 'rule removed');
    } else {
      const next = random.pick(versions);
      const isSame = deployed && lineageOf(deployed.plan) === lineageOf(next.plan);
      count(
        this.happened,
        !deployed ? 'rule brought back' : isSame ? 'rule edited, same state' : 'rule edited, other state',
      );
      this.deployed.set(id, next);
    }
    const plans = this.current;
    this.next();
    for (const process of processes)
      if (!this.behind.has(process) && random.chance(40))
        this.behind.set(process, { plans, until: now + random.pick(BEHIND) });
  }

  /**
   * The program is rolled back to a version that does not know what the plan of a rule is made of, and has the plan from before or none; or
   * forward again. Returns whether processes are to begin anew.
   */
  roll(): boolean {
    const { random, ahead } = this;
    if (ahead) {
      this.deployed.set(ahead.plan.rule.id, ahead);
      this.ahead = undefined;
      count(this.happened, 'rolled forward');
    } else {
      const { plan, versions } = random.pick(this.rules);
      const { id } = plan.rule;
      const now = this.deployed.get(id);
      if (!now) return false;
      const before = versions.find((version) => lineageOf(version.plan) !== lineageOf(now.plan));
      if (before && random.chance(60)) this.deployed.set(id, before);
      else this.deployed.delete(id);
      this.interrupted.add(id);
      this.ahead = now;
      count(this.happened, 'rolled back');
    }
    this.next();
    return true;
  }

  /** All processes run what is deployed last. */
  settle(): void {
    if (this.ahead) this.roll();
    this.behind.clear();
  }

  refused(): void {
    count(this.happened, 'plan refused by an older version');
  }

  /** The store as the version of the program that is deployed now reads it: plans of a later one name operators that it does not know. */
  readable(store: EntityStore): EntityStore {
    const { ahead } = this;
    if (!ahead) return store;
    const partition = `plan.${lineageOf(ahead.plan)}`;
    return {
      ...(store.time ? { time: store.time.bind(store) } : {}),
      query: (table, range, pageSize) => store.query(table, range, pageSize),
      transact: (table, partitionKey, operations) => store.transact(table, partitionKey, operations),
      get: async (table, partitionKey, rowKey) => {
        const entity = await store.get(table, partitionKey, rowKey);
        return entity && partitionKey === partition ? ofLaterVersion(entity) : entity;
      },
    };
  }

  private next(): void {
    this.current = this.planSet(String(Number(this.current.version) + 1));
  }

  private planSet(version: string): PlanSet {
    return { version, plans: [...this.deployed.values()].map(({ plan }) => plan) };
  }
}

function ofLaterVersion(entity: StoredEntity): StoredEntity {
  const { v } = entity.properties;
  if (typeof v !== 'string') throw new Error('a plan is not stored as text');
  return {
    ...entity,
    properties: { ...entity.properties, v: v.replaceAll(/"op":"(\w+)"/g, '"op":"$1_of_the_next_version"') },
  };
}
