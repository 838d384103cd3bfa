import { isChunk } from '../../src/state/chunks';
import { StoreUnavailable } from '../../src/state/errors';
import type { MemoryStore } from '../../src/state/memory';
import {
  type EntityRange,
  type EntityStore,
  type Operation,
  type StoredEntity,
  writtenAt,
} from '../../src/state/store';
import type { Random } from '../support/random';
import type { Fate, Target } from './steps';

/** A process that was killed does nothing more. */
export class Killed extends Error {}

interface Waiting {
  readonly process: Process;
  readonly step: string;
  readonly go: (fate: Fate | 'go') => void;
}

export interface Chances {
  /** In a thousand, for each step of any process. */
  readonly kill: number;
  readonly fail: number;
}

const MOST_TARGETED = 8;

/**
 * Lets one step of one process happen at a time, in random order: every read and write of a store is a step, every page of a query, every
 * sending of alerts. A step may be where its process is killed or its request fails, before or after it was applied.
 */
export class World {
  chances: Chances = { kill: 0, fail: 0 };
  /** Meets its fate more often than by chance, so many times at most. */
  target: Target | undefined;
  private targeted = 0;
  isCalm = false;
  /** In a hundred: how likely the process that took the last step takes the next. */
  private readonly constancy: number;
  /** How often each kind of step was taken, and how often it was where a process was killed or a request failed. */
  readonly steps = new Map<string, number>();
  readonly crashes = new Map<string, number>();
  private waiting: Waiting[] = [];
  /** Processes that stand still, and how many steps of others until they go on. */
  private readonly still = new Map<Process, number>();
  private last: Process | undefined;
  /**
   * How long a step takes, ms: where it is long, a flush has no time for all that it has to do. Never so long that one window takes longer than
   * a flush may, time after time: such a window is given up, and said to be.
   */
  private readonly stepMs: number;
  /** What all steps took, ms. */
  elapsed = 0;

  constructor(readonly random: Random) {
    this.constancy = random.pick([0, 50, 90, 97]);
    this.stepMs = random.pick([0, 0, 20, 100, 500]);
  }

  get isIdle(): boolean {
    return this.waiting.length === 0;
  }

  /** Takes the step of one waiting process; often of the one before, so that the others stand still for long. */
  async advance(): Promise<void> {
    const { random } = this;
    this.bury();
    const moving = this.waiting.filter(({ process }) => !this.isStill(process));
    // Where nobody else has anything to do, time is short for those that stand still.
    const able = moving.length > 0 ? moving : this.waiting;
    if (able.length > 0) {
      // A process may have several requests under way: any of them may be answered first.
      const same = able.filter(({ process }) => process === this.last);
      const next = same.length > 0 && random.chance(this.constancy) ? random.pick(same) : random.pick(able);
      this.waiting.splice(this.waiting.indexOf(next), 1);
      this.last = next.process;
      if (!this.isCalm) this.elapsed += this.stepMs;
      next.go(this.fate(next));
    }
    await settled();
  }

  /** What a process that was killed had under way besides never happens, and is no step that met a fate. */
  private bury(): void {
    const dead = this.waiting.filter(({ process }) => process.isDead);
    this.waiting = this.waiting.filter(({ process }) => !process.isDead);
    for (const { go } of dead) go('go');
  }

  /** A process stands still while others take so many steps. */
  standStill(process: Process, steps: number): void {
    this.still.set(process, steps);
  }

  /** Whether it stands still and does not know it. */
  standsStill(process: Process): boolean {
    return !this.isCalm && (this.still.get(process) ?? 0) > 0;
  }

  private isStill(process: Process): boolean {
    const left = this.isCalm ? 0 : (this.still.get(process) ?? 0);
    if (left > 0) this.still.set(process, left - 1);
    return left > 0;
  }

  private fate({ step }: Waiting): Fate | 'go' {
    const { random, chances } = this;
    const roll = random.below(1000);
    let fate: Fate | 'go' = 'go';
    if (
      !this.isCalm &&
      this.target?.step === step &&
      this.targeted < MOST_TARGETED &&
      random.chance(this.target.needs === 'nothing' ? 30 : 60)
    ) {
      this.targeted++;
      fate = this.target.fate;
    } else if (roll < chances.kill) fate = random.chance(50) ? 'kill-before' : 'kill-after';
    else if (roll < chances.kill + chances.fail) fate = random.chance(50) ? 'fail-before' : 'fail-after';
    count(this.steps, step);
    if (fate !== 'go') count(this.crashes, `${step} ${fate}`);
    return fate;
  }

  async step<T>(process: Process, step: string, action: () => T | Promise<T>): Promise<T> {
    if (process.isDead) throw new Killed();
    const fate = await new Promise<Fate | 'go'>((go) => this.waiting.push({ process, step, go }));
    if (process.isDead) throw new Killed();
    if (fate === 'kill-before') process.isDead = true;
    if (process.isDead) throw new Killed();
    if (fate === 'fail-before') throw new StoreUnavailable('not applied');
    const result = await action();
    if (fate === 'kill-after') process.isDead = true;
    if (process.isDead) throw new Killed();
    if (fate === 'fail-after') throw new StoreUnavailable('applied');
    return result;
  }
}

export interface Process {
  readonly name: string;
  isDead: boolean;
}

export const count = (counts: Map<string, number>, key: string): void => {
  counts.set(key, (counts.get(key) ?? 0) + 1);
};

/** Until every process waits for its next step or is done. */
const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** The store as one process sees it. Pages are small, so that writes fall between them. */
export class ProcessStore implements EntityStore {
  constructor(
    private readonly store: MemoryStore,
    private readonly world: World,
    private readonly process: Process,
    private readonly pageSize: number,
    private readonly clock: () => number,
  ) {}

  /** The store is on no clock of any process. */
  async time(): Promise<number> {
    return this.clock();
  }

  get(table: string, partitionKey: string, rowKey: string): Promise<StoredEntity | undefined> {
    return this.world.step(this.process, `read ${kindOf(table, partitionKey, rowKey)}`, () =>
      this.store.get(table, partitionKey, rowKey),
    );
  }

  async *query(table: string, range: EntityRange, pageSize = 1000): AsyncIterable<readonly StoredEntity[]> {
    const pages = this.store.query(table, range, Math.min(pageSize, this.pageSize))[Symbol.asyncIterator]();
    for (;;) {
      const page = await this.world.step(
        this.process,
        `page ${kindOf(table, range.partitionFrom, range.rowFrom ?? '')}`,
        () => pages.next(),
      );
      if (page.done) return;
      yield page.value;
    }
  }

  transact(table: string, partitionKey: string, operations: readonly Operation[]) {
    const [first] = operations;
    const verb = first!.kind === 'delete' ? 'delete' : 'write';
    return this.world.step(
      this.process,
      `${verb} ${kindOf(table, partitionKey, first!.rowKey)}${phaseOf(first!)}`,
      async () => writtenAt(await this.store.transact(table, partitionKey, operations), this.clock()),
    );
  }
}

const phaseOf = (operation: Operation): string =>
  operation.kind !== 'delete' && typeof operation.properties.phase === 'string' ? ` ${operation.properties.phase}` : '';

/** What an entity is, by its keys. */
function kindOf(table: string, partitionKey: string, rowKey: string): string {
  const kind = headKindOf(table, partitionKey, rowKey);
  return `${kind}${kind !== 'held' && isChunk(rowKey) ? ' chunk' : ''}`;
}

function headKindOf(table: string, partitionKey: string, rowKey: string): string {
  if (table === 'state' && rowKey.startsWith('!~')) return 'held';
  if (table === 'state')
    return rowKey.startsWith('!') ? 'mark' : rowKey.startsWith('g') ? 'group' : rowKey === '' ? 'state' : 'row';
  if (table === 'letters') return 'letter';
  if (table === 'control') return partitionKey.split('.')[0]!.replace('rule', 'cursor');
  if (partitionKey.startsWith('pending')) return 'pending';
  return rowKey.startsWith('w')
    ? 'window'
    : rowKey.startsWith('a')
      ? 'alert'
      : rowKey.startsWith('d')
        ? 'delivered'
        : 'outbox';
}
