import type { Fault } from '../support/fault-proxy';
import type { Random } from '../support/random';
import type { AmqpJudge, Judge, Role } from './process-world';

/** How often what happened, by a name: the least frequent one is what to do next. */
export class Counts {
  private readonly counts = new Map<string, number>();

  of(name: string): number {
    return this.counts.get(name) ?? 0;
  }

  add(name: string, count = 1): void {
    this.counts.set(name, this.of(name) + count);
  }

  /** Any of those that happened least. */
  least<T>(candidates: readonly T[], nameOf: (candidate: T) => string, random: Random): T {
    const least = Math.min(...candidates.map((candidate) => this.of(nameOf(candidate))));
    return random.pick(candidates.filter((candidate) => this.of(nameOf(candidate)) === least));
  }

  sorted(): [string, number][] {
    return [...this.counts].sort(([a], [b]) => a.localeCompare(b));
  }
}

type StorageFault = Exclude<Fault, { before: unknown } | { after: unknown }>;

/** For any request. */
const ANY: readonly StorageFault[] = [
  'reset-before',
  'reset-after',
  { status: 500 },
  { status: 503, code: 'ServerBusy' },
  { status: 429, headers: { 'Retry-After': '1' } },
];
/** For requests that state what they expect to find. */
export const CONFLICT = { status: 412, code: 'UpdateConditionNotSatisfied' } as const;
/** Without an answer; a read may also break off half way. */
const HANGS: readonly StorageFault[] = ['hang-before', 'hang-after', 'hang-amid'];
/** Every kind there is, as it is counted. */
export const STORAGE_FAULTS = [...ANY, CONFLICT].map(nameOf);
export const HANG_FAULTS = HANGS.map(nameOf);
/** Requests of the Functions host itself: their time is bounded by the host that Azure runs, not by this project. */
const HOSTS_OWN = /checkpoint|claim/;

function nameOf(fault: StorageFault): string {
  return typeof fault === 'object' ? String(fault.status) : fault;
}

export interface FaultOptions {
  readonly random: Random;
  /** Of how many requests one fails in some way, and of how many frames one cuts its connection, percent. */
  readonly chance: number;
  readonly cutChance: number;
  /** How many requests of each role are never answered. */
  readonly hangs: Readonly<Record<Role, number>>;
  /** How many connections of each role are cut: one that reads messages is opened anew after half a minute only. */
  readonly cuts: number;
}

/** Faults of the storage and of the connections to the hub, each kind in its turn for both roles. */
export class Faults {
  readonly counts = new Counts();
  private readonly left: Record<Role, number>;

  constructor(private readonly options: FaultOptions) {
    this.left = { ...options.hangs };
  }

  readonly judge: Judge = ({ role }, step) => {
    const { random, chance } = this.options;
    const isWrite = step.startsWith('write') || step.startsWith('delete');
    // A precondition is asked of entities only.
    const hasPrecondition = isWrite && !/checkpoint|body/.test(step);
    // A flush whose reads fail seldom comes to its writes.
    if (hasPrecondition && this.counts.of(`${role}: ${nameOf(CONFLICT)}`) === 0) return this.next(role, [CONFLICT]);
    if (!random.chance(chance)) return 'pass';
    // They hold a process up: after the others.
    const hasMet = STORAGE_FAULTS.every((fault) => this.counts.of(`${role}: ${fault}`) > 0);
    if (hasMet && this.left[role] > 0 && !HOSTS_OWN.test(step)) {
      this.left[role]--;
      return this.next(role, isWrite ? HANGS.slice(0, 2) : HANGS);
    }
    return this.next(role, hasPrecondition ? [...ANY, CONFLICT] : ANY);
  };

  readonly judgeAmqp: AmqpJudge = ({ role }) => {
    const { random, cuts, cutChance } = this.options;
    if (this.counts.of(`${role}: cut`) >= cuts || !random.chance(cutChance)) return 'pass';
    this.counts.add(`${role}: cut`);
    return 'cut';
  };

  private next(role: Role, faults: readonly StorageFault[]): StorageFault {
    const fault = this.counts.least(faults, (one) => `${role}: ${nameOf(one)}`, this.options.random);
    this.counts.add(`${role}: ${nameOf(fault)}`);
    return fault;
  }
}
