import { AsyncLocalStorage } from 'node:async_hooks';
import type { Engine } from '../../src/engine';
import { MARGIN } from '../../src/engine/resend-windows';
import type { HubInfo } from '../../src/host/hub';
import { StoreUnavailable } from '../../src/state/errors';
import { MemoryStore } from '../../src/state/memory';
import { randomOf } from '../support/random';
import { DAY, HOUR, MINUTE } from '../support/stream';
import { Deployment } from './deployment';
import { engineIn, hubInfoIn, NAMESPACES, operatorIn, type Surroundings, sourceOf } from './history-engine';
import { Hub } from './hub';
import { Letters } from './letters';
import { RecordedOutbox, TABLES } from './outbox';
import { type Delivery, Reading } from './reading';
import type { ChaosRule } from './rules';
import { targetOf } from './steps';
import { count, Killed, type Process, World } from './world';

/** Percent of the histories in which the state refuses rows for a while, and dead letters are sent again. */
const LETTERS_CHANCE = Number(process.env.OUTRIDER_LETTERS ?? 30);

const START = Date.UTC(2024, 4, 1, 6);
export const GRACE = 5 * MINUTE;
const MAX_AHEAD = 15 * MINUTE;
const DELAYS = [1_000, 3 * MINUTE, 5 * MINUTE, 12 * MINUTE, 40 * MINUTE, 2 * HOUR, 2 * DAY];

/** A process that runs the engine; when it is killed another takes its place. */
export interface Host {
  process: Process;
  engine: Engine;
  hub: HubInfo;
  resend: (id: string, now: number) => Promise<void>;
  /** A batch that failed, to be tried again by this process alone. */
  failed?: Delivery | undefined;
  /** By partition: the last batch of which it knows what hub it is of. */
  last: Map<number, Delivery>;
  /** A batch of which it is not known yet what hub it is of. */
  isAsking?: boolean;
  busy: boolean;
  /** How far its clock is ahead, ms. */
  skew: number;
}

/** A rule that takes a step, by its place: it counts by computer; it keeps large texts in groups, as rows, or alerts at once. */
const WITH_STEP = [
  ['page group chunk', 2],
  ['page group', 1],
  ['group chunk', 2],
  ['row chunk', 3],
  ['alert chunk', 8],
] as const;
/** The place of the rule whose alerts late events withdraw, and which is quiet for a while after each. */
const SUPPRESSED_BY_WITHDRAWN = 12;
/** Clocks of processes differ a little, or are wrong. */
export const SKEWS = [0, 0, 0, 20_000, -20_000, 55_000, -55_000, -20 * MINUTE, 3 * HOUR, 60 * DAY, -60 * DAY];
/** The skew of the process that runs. */
export const clocks = new AsyncLocalStorage<Host>();

/** The processes of a history with all that is around them, and what they can be made to do. */
export class Actors {
  readonly problems: string[] = [];
  readonly happened = new Map<string, number>();
  readonly world: World;
  now = START;
  protected readonly random;
  protected readonly store = new MemoryStore();
  protected readonly outbox: RecordedOutbox;
  protected readonly hub: Hub;
  protected readonly reading: Reading;
  /** Its hub is deleted and made anew. */
  protected readonly recreates: boolean;
  protected readonly evaluators: Host[];
  protected readonly flushers: Host[];
  /** Somebody at a command line. */
  protected readonly operator: Host;
  protected readonly letters: Letters | undefined;
  protected readonly first = new Map<string, number>();
  protected readonly knowsEnds: boolean;
  protected readonly pageSize: number;
  protected readonly actions: number;
  protected readonly maxLateMs: number;
  protected readonly maxWaitMs: number;
  protected readonly changes: boolean;
  /** The program is rolled back to a version that cannot run a plan, and forward again. */
  protected readonly rollsBack: boolean;
  protected readonly deployment: Deployment;
  /** Processes that evaluate are often new ones, which know no groups. */
  protected readonly startsAnew: boolean;
  /** Most messages of a batch. */
  protected readonly batch: number;
  /** So long that plans which were replaced are forgotten. */
  protected readonly ages: boolean;
  /** A partition that nobody reads for now. */
  protected stalled: number | undefined;
  /** The name that the namespace is reached under. */
  protected namespace: string = NAMESPACES[0];
  /** The most windows that a flush runs for a rule: with few, late panes are more than one flush looks at. */
  protected readonly maxWindowsPerFlush: number;
  /** How long a flush goes on, ms. */
  protected readonly maxFlushMs: number;
  /** The last flush left work. */
  protected more = false;
  protected running = 0;
  protected names = 0;

  constructor(rules: readonly ChaosRule[], seed: number) {
    const random = randomOf(seed);
    this.random = random;
    const target = targetOf(seed);
    const keepsLetters = random.chance(LETTERS_CHANCE) || target.needs.startsWith('letters');
    // Few rules make short flushes, of which many meet.
    const some = random
      .shuffled(rules.filter(({ fails }) => keepsLetters || !fails))
      .slice(0, random.pick([1, 1, 1, 2, 2, 3]));
    // Groups are read together where many of one pane are new to a process.
    const isWide = target.needs === 'groups';
    const steered = WITH_STEP.find(([step]) => target.step.includes(step));
    const special = keepsLetters && random.chance(40) ? rules.find(({ fails }) => fails) : undefined;
    const suppressing = random.chance(10) ? rules[SUPPRESSED_BY_WITHDRAWN] : undefined;
    const first = [steered && rules[steered[1]], special, suppressing].filter((rule) => rule !== undefined);
    const own = [...new Set([...first, ...some])];
    const delays = random.shuffled(DELAYS).slice(0, isWide ? 1 : random.pick([1, 2, 4, DELAYS.length]));
    this.world = new World(random);
    this.startsAnew = target.step.startsWith('page group');
    this.batch = isWide ? 16 : 6;
    this.world.target = target;
    const isLarge = target.needs.startsWith('large');
    this.ages = target.needs.endsWith('clean-up');
    this.actions = isLarge ? 30 : random.pick([30, 50, 80]);
    const partitions = 1 + random.below(3);
    this.knowsEnds = this.ages || target.step === 'ask for ends' || random.chance(50);
    // Without the ends of partitions nobody knows what is unread, and state goes by the clock: then an outage must be shorter than this.
    this.maxLateMs = this.ages ? 12 * MINUTE : this.knowsEnds ? random.pick([12 * MINUTE, 40 * MINUTE, DAY]) : DAY;
    this.maxWaitMs = random.pick([20 * MINUTE, HOUR]);
    this.changes = this.ages || target.needs === 'changes' || random.chance(40);
    this.rollsBack = random.chance(15);
    this.pageSize = random.pick([1, 2, 3, 1000]);
    this.maxWindowsPerFlush = random.pick([2, 5, 100, 100]);
    this.maxFlushMs = random.pick([30_000, 60_000, 240_000]);
    this.deployment = new Deployment(own, random, this.happened);
    const { maxLateMs } = this;
    this.hub = new Hub(
      { partitions, delays, maxLateMs, maxAheadMs: MAX_AHEAD, isLarge, isWide, withdraws: suppressing !== undefined },
      random,
      this.happened,
    );
    this.reading = new Reading(this.hub, this.happened);
    this.recreates = random.chance(50);
    this.outbox = new RecordedOutbox(this.store, this.problems, this.happened);
    this.letters = keepsLetters ? new Letters(this.store, this.happened) : undefined;
    this.evaluators = [this.host('evaluator'), this.host('evaluator')];
    this.flushers = [this.host('flusher'), this.host('flusher')];
    this.operator = this.host('operator');
  }

  protected resend(id: string): void {
    const { operator, now } = this;
    if (this.random.chance(30)) this.world.standStill(operator.process, this.random.pick([100, 400]));
    this.launch(operator, async () => {
      await operator.resend(id, now);
      if (this.now - now >= MARGIN) count(this.happened, 'resend that slept until state could be gone');
    });
  }

  protected host(kind: string): Host {
    const process = { name: `${kind} ${this.names++}`, isDead: false };
    const surroundings = this.surroundings();
    return {
      process,
      engine: engineIn(surroundings, process),
      hub: hubInfoIn(surroundings, process),
      resend: operatorIn(surroundings, process),
      busy: false,
      failed: undefined,
      last: new Map(),
      skew: this.random.pick(SKEWS),
    };
  }

  protected surroundings(): Surroundings {
    const { world, store, deployment, hub, outbox, random, problems, knowsEnds, pageSize } = this;
    const { maxLateMs, maxWaitMs, maxWindowsPerFlush, maxFlushMs, letters } = this;
    const bounds = { graceMs: GRACE, maxLateMs, maxAheadMs: MAX_AHEAD, maxWaitMs, maxWindowsPerFlush, maxFlushMs };
    return {
      world,
      store,
      deployment,
      hub,
      outbox,
      random,
      problems,
      knowsEnds,
      pageSize,
      bounds,
      letters,
      now: () => this.now,
    };
  }

  /** Delivers a batch from the checkpoint on, or from before it. */
  protected evaluate(host: Host, p: number, from = this.start(p), to = from + 1 + this.random.below(this.batch)): void {
    if (this.startsAnew && this.random.chance(40)) Object.assign(host, this.host('evaluator'));
    const messages = this.hub.logs[p]!.slice(from, to);
    if (messages.length === 0) return;
    const { incarnation } = this.hub;
    // A process takes numbers that go on where its last batch ended for those of the same hub: that of another one goes on by chance alone,
    // but often where numbers are so small.
    const last = host.last.get(p);
    if (last && last.incarnation !== incarnation && last.messages.at(-1)?.sequenceNumber === from - 1)
      Object.assign(host, this.host('evaluator'));
    this.deliver(host, { incarnation, partition: p, messages });
  }

  /** `known`: the hub that it is of, where the process that read it is gone; otherwise the process finds out, as it does behind a trigger. */
  protected deliver(host: Host, delivery: Delivery, known?: string): void {
    const { happened, reading, namespace } = this;
    const { partition, messages } = delivery;
    const [first] = messages;
    const { hub, engine, process } = host;
    const isAgain = host.failed === delivery;
    // Nobody but the process that read it tries it again.
    host.failed = known === undefined ? delivery : undefined;
    if (!isAgain) host.isAsking = known === undefined;
    this.launch(host, async () => {
      const { sequenceNumber: last } = messages.at(-1)!;
      const { sequenceNumber, enqueuedTime } = first!;
      const incarnation =
        known ?? (await hub.incarnation(String(partition), sequenceNumber, last, Date.now(), enqueuedTime));
      if (process.isDead) throw new Killed();
      host.isAsking = false;
      if (known === undefined) host.last.set(partition, delivery);
      reading.begin(delivery);
      if (namespace !== NAMESPACES[0]) count(happened, 'batch under another name of the namespace');
      if (isAgain) count(happened, 'batch tried again by its process');
      if (delivery.incarnation !== this.hub.incarnation) count(happened, 'batch of a hub that is gone');
      await engine.evaluate({ source: sourceOf(partition, incarnation, namespace), messages });
      reading.end(delivery);
      host.failed = undefined;
      count(happened, 'batch');
    });
  }

  /** The hub is deleted and made anew, while batches of it may be under way. */
  protected recreate(): void {
    // What a process has received and not asked about could be of either hub.
    if (this.evaluators.some(({ busy, isAsking }) => busy && isAsking)) return;
    if (!this.reading.recreate(this.now + 1_000)) return;
    this.now += 1_000;
    for (const host of this.evaluators) if (host.isAsking) host.failed = undefined;
  }

  /** A partition is read again from its start. */
  protected readAgain(): void {
    const partition = this.random.below(this.hub.logs.length);
    if (this.reading.checkpoints[partition] === 0) return;
    this.reading.checkpoints[partition] = 0;
    count(this.happened, 'partition read again from its start');
  }

  /** Batches of hubs that are gone come to an end, before time passes. */
  protected async settle(): Promise<void> {
    this.world.chances = { kill: 0, fail: 0 };
    await this.drive();
    for (let left = this.reading.left[0]; left; left = this.reading.left[0]) {
      this.deliver(this.evaluators[0]!, left, left.incarnation);
      await this.drive();
    }
  }

  /** Other plans are deployed; some processes find out later. */
  protected redeploy(): void {
    const { deployment } = this;
    const hosts = [...this.evaluators, ...this.flushers];
    const processes = hosts.map(({ process }) => process);
    deployment.change(this.now, processes);
  }

  /** Another version of the program: every process begins anew. */
  protected roll(): void {
    if (!this.deployment.roll()) return;
    for (const { process } of [...this.evaluators, ...this.flushers]) process.isDead = true;
  }

  protected start(p: number): number {
    const back = this.random.chance(25) ? this.random.below(5) : 0;
    if (back > 0) count(this.happened, 'redelivery');
    return Math.max(0, this.reading.checkpoints[p]! - back);
  }

  protected flush(host: Host, now: number): void {
    const notes = this.store.dump(TABLES.control).filter(({ partitionKey }) => partitionKey.startsWith('late.'));
    if (notes.length > this.pageSize) count(this.happened, 'flush with late panes of more than a page');
    this.launch(host, async () => {
      const { corrections, withdrawn, waiting, behind, more } = await host.engine.flush(now);
      this.more = more;
      count(this.happened, 'flush');
      if (
        this.flushers.some(({ busy, process }) => busy && process !== host.process && this.world.standsStill(process))
      )
        count(this.happened, 'flush beside one that stands still');
      if (corrections > 0) count(this.happened, 'flush with corrections');
      if (withdrawn > 0) count(this.happened, 'flush with withdrawals');
      if (behind > 0) count(this.happened, 'flush that had no time for all');
      if (waiting > 0) count(this.happened, 'flush that waits for partitions');
    });
  }

  protected launch(host: Host, run: () => Promise<void>): void {
    host.busy = true;
    this.running++;
    clocks
      .run(host, run)
      .catch((error: unknown) => {
        if (error instanceof Killed || host.process.isDead) count(this.happened, 'killed');
        else if (error instanceof StoreUnavailable) count(this.happened, 'failed and tried again');
        else this.problems.push(`${host.process.name}: ${(error as Error).stack}`);
      })
      .finally(() => {
        this.running--;
        host.busy = false;
        if (!host.process.isDead) return;
        const [kind] = host.process.name.split(' ');
        Object.assign(host, this.host(kind!));
        host.isAsking = false;
        // Whoever takes its place finds other rules.
        if (kind === 'flusher' && this.changes && !this.world.isCalm && this.random.chance(20)) this.redeploy();
      });
  }

  protected async drive(): Promise<void> {
    while (this.running > 0) await this.world.advance();
  }
}
