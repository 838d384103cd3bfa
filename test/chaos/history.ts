import { AsyncLocalStorage } from 'node:async_hooks';
import type { Engine } from '../../src/engine';
import { readCursors } from '../../src/engine/rule-cursor';
import type { HubInfo } from '../../src/host/hub';
import { StoreUnavailable } from '../../src/state/errors';
import { MemoryStore } from '../../src/state/memory';
import { randomOf } from '../support/random';
import { DAY, HOUR, MINUTE } from '../support/stream';
import { Deployment } from './deployment';
import { engineIn, hubInfoIn, NAMESPACES, operatorIn, type Surroundings, sourceOf } from './history-engine';
import { Hub } from './hub';
import { judge } from './judge';
import { Letters } from './letters';
import { RecordedOutbox, TABLES } from './outbox';
import { type Delivery, Reading } from './reading';
import type { ChaosRule } from './rules';
import { targetOf } from './steps';
import { count, Killed, type Process, World } from './world';

/** Percent of the histories in which the state refuses rows for a while, and dead letters are sent again. */
const LETTERS_CHANCE = Number(process.env.OUTRIDER_LETTERS ?? 0);

const START = Date.UTC(2024, 4, 1, 6);
const GRACE = 5 * MINUTE;
const MAX_AHEAD = 15 * MINUTE;
const DELAYS = [1_000, 3 * MINUTE, 5 * MINUTE, 12 * MINUTE, 40 * MINUTE, 2 * HOUR, 2 * DAY];

export interface Outcome {
  readonly problems: readonly string[];
  readonly steps: ReadonlyMap<string, number>;
  readonly crashes: ReadonlyMap<string, number>;
  /** What happened, to see that histories reach what they are for. */
  readonly happened: ReadonlyMap<string, number>;
}

/** A process that runs the engine; when it is killed another takes its place. */
interface Host {
  process: Process;
  engine: Engine;
  hub: HubInfo;
  resend: (id: string, now: number) => Promise<void>;
  /** A batch that failed, to be tried again by this process alone. */
  failed?: Delivery | undefined;
  /** By partition: the last batch that it was given. */
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
/** Clocks of processes differ a little, or are wrong. */
const SKEWS = [0, 0, 0, 20_000, -20_000, 55_000, -55_000, -20 * MINUTE, 3 * HOUR, 60 * DAY, -60 * DAY];
/** The skew of the process that runs. */
const clocks = new AsyncLocalStorage<Host>();

/**
 * Plays a random history of the whole engine over one store: events published to partitions, in order, late or stamped ahead; two processes that
 * evaluate, with batches delivered again and partitions that change hands; two that flush; rules edited, removed and brought back; a partition
 * that nobody reads; evaluation that stands still for longer than windows wait; clocks that differ, jump by months or step back; kills and
 * failed requests between any two steps, of which one is met more often than by chance. Then all comes to rest, and what is in the outbox and
 * at the sinks is compared with what the queries give in one batch.
 */
export async function runHistory(rules: readonly ChaosRule[], seed: number): Promise<Outcome> {
  const clock = Date.now;
  const ticks = performance.now;
  const history = new History(rules, seed);
  performance.now = () => history.now;
  Date.now = () => history.now + (clocks.getStore()?.skew ?? 0);
  try {
    await history.play();
    await history.age();
    await history.rest();
    await history.check();
    await history.deliverAllAgain();
  } finally {
    Date.now = clock;
    performance.now = ticks;
  }
  return {
    problems: history.problems,
    steps: history.world.steps,
    crashes: history.world.crashes,
    happened: history.happened,
  };
}

class History {
  readonly problems: string[] = [];
  readonly happened = new Map<string, number>();
  readonly world: World;
  now = START;
  private readonly random;
  private readonly store = new MemoryStore();
  private readonly outbox: RecordedOutbox;
  private readonly hub: Hub;
  private readonly reading: Reading;
  /** Its hub is deleted and made anew. */
  private readonly recreates: boolean;
  private readonly evaluators: Host[];
  private readonly flushers: Host[];
  /** Somebody at a command line. */
  private readonly operator: Host;
  private readonly letters: Letters | undefined;
  private readonly first = new Map<string, number>();
  private readonly knowsEnds: boolean;
  private readonly pageSize: number;
  private readonly actions: number;
  private readonly maxLateMs: number;
  private readonly maxWaitMs: number;
  private readonly changes: boolean;
  /** The program is rolled back to a version that cannot run a plan, and forward again. */
  private readonly rollsBack: boolean;
  private readonly deployment: Deployment;
  /** Processes that evaluate are often new ones, which know no groups. */
  private readonly startsAnew: boolean;
  /** Most messages of a batch. */
  private readonly batch: number;
  /** So long that plans which were replaced are forgotten. */
  private readonly ages: boolean;
  /** A partition that nobody reads for now. */
  private stalled: number | undefined;
  /** The name that the namespace is reached under. */
  private namespace: string = NAMESPACES[0];
  /** The most windows that a flush runs for a rule: with few, late panes are more than one flush looks at. */
  private readonly maxWindowsPerFlush: number;
  /** The last flush left work. */
  private more = false;
  private running = 0;
  private names = 0;

  constructor(rules: readonly ChaosRule[], seed: number) {
    const random = randomOf(seed);
    this.random = random;
    // Few rules make short flushes, of which many meet.
    const some = random.shuffled(rules).slice(0, random.pick([1, 1, 1, 2, 2, 3]));
    const target = targetOf(seed);
    // Groups are read together where many of one pane are new to a process.
    const isWide = target.needs === 'groups';
    const steered = WITH_STEP.find(([step]) => target.step.includes(step));
    const own = steered ? [...new Set([rules[steered[1]]!, ...some])] : some;
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
    this.rollsBack = this.changes && random.chance(30);
    this.pageSize = random.pick([1, 2, 3, 1000]);
    this.maxWindowsPerFlush = random.pick([2, 5, 100, 100]);
    this.deployment = new Deployment(own, random, this.happened);
    const { maxLateMs } = this;
    this.hub = new Hub(
      { partitions, delays, maxLateMs, maxAheadMs: MAX_AHEAD, isLarge, isWide },
      random,
      this.happened,
    );
    this.reading = new Reading(this.hub, this.happened);
    this.recreates = random.chance(35);
    this.outbox = new RecordedOutbox(this.store, this.problems, this.happened);
    this.letters = random.chance(LETTERS_CHANCE) ? new Letters(this.store, this.happened) : undefined;
    this.evaluators = [this.host('evaluator'), this.host('evaluator')];
    this.flushers = [this.host('flusher'), this.host('flusher')];
    this.operator = this.host('operator');
  }

  async play(): Promise<void> {
    this.flush(this.flushers[0]!, this.now);
    await this.drive();
    for (const cursor of await readCursors(this.store, TABLES.control))
      this.first.set(cursor.ruleId, cursor.lastRunEnd);
    // The first flush was cut off: they begin while events come, as one does that was removed.
    const { rules, interrupted } = this.deployment;
    for (const { plan } of rules) if (!this.first.has(plan.rule.id)) interrupted.add(plan.rule.id);
    const { random, world } = this;
    for (let i = 0; i < this.actions; i++) {
      world.chances = { kill: random.pick([0, 0, 6, 30]), fail: random.pick([0, 0, 6, 30]) };
      this.act();
      let steps = random.pick([1, 3, 10, 40]);
      do await world.advance();
      while (--steps > 0 && !world.isIdle);
    }
  }

  private act(): void {
    const { random, world } = this;
    const roll = random.below(16);
    if (this.letters && random.chance(30)) this.handle(this.letters);
    else if (roll < 4) this.hub.publish(this.now);
    else if (roll < 8) {
      const host = random.pick(this.evaluators);
      const partition = random.below(this.hub.logs.length);
      if (host.busy) return;
      if (host.failed && this.recreates && random.chance(30)) this.recreate();
      if (host.failed && random.chance(60)) this.deliver(host, host.failed);
      else if (partition !== this.stalled) this.evaluate(host, partition);
    } else if (roll < 12) {
      const host = random.pick(this.flushers);
      if (!host.busy) this.flush(host, this.now + host.skew);
    } else if (roll < 15) this.pass();
    else if (this.recreates && random.chance(50)) this.recreate();
    else if (this.changes && random.chance(50)) this.redeploy();
    else if (random.chance(15)) random.pick([...this.evaluators, ...this.flushers]).process.isDead = true;
    else if (random.chance(30)) random.pick([...this.evaluators, ...this.flushers]).skew = random.pick(SKEWS);
    else if (random.chance(35)) this.namespace = random.pick(NAMESPACES);
    else if (random.chance(40)) {
      const { process, busy } = random.pick(this.flushers);
      if (busy) world.standStill(process, random.pick([20, 100, 400]));
    }
    // Without the ends of partitions nobody would know that it is unread.
    else if (this.knowsEnds && random.chance(60)) {
      this.stalled = this.stalled === undefined ? random.below(this.hub.logs.length) : undefined;
      if (this.stalled !== undefined) count(this.happened, 'partition stalled');
    }
  }

  /** The state refuses rows, or takes them again; a dead letter is sent again; whoever does that sleeps. */
  private handle(letters: Letters): void {
    const { random, operator, world } = this;
    if (random.chance(20)) letters.isRefusing = !letters.isRefusing;
    else if (operator.busy) world.standStill(operator.process, random.pick([20, 100, 400]));
    else {
      const ids = letters.ids();
      if (ids.length > 0) this.resend(random.pick(ids));
    }
  }

  private resend(id: string): void {
    const { operator } = this;
    this.launch(operator, () => operator.resend(id, this.now));
  }

  /** Every dead letter is sent again. */
  private async resendAll({ ids }: Letters): Promise<void> {
    for (const id of ids()) {
      this.resend(id);
      await this.drive();
    }
  }

  /** Time passes while little happens, until plans that were replaced are forgotten. */
  async age(): Promise<void> {
    if (!this.ages) return;
    await this.settle();
    const { random, world } = this;
    for (let i = 0; i < 16; i++) {
      world.chances = { kill: random.pick([0, 0, 6]), fail: random.pick([0, 0, 6]) };
      if (i === 0) this.deployment.change(this.now);
      this.now += random.pick([11, 15, 20]) * MINUTE;
      if (random.chance(30)) this.hub.publish(this.now);
      for (const [p, log] of this.hub.logs.entries()) {
        const [host] = this.evaluators;
        const from = this.reading.checkpoints[p]!;
        if (!host!.busy && log.length > from) this.evaluate(host!, p, from, log.length);
        await this.drive();
      }
      for (const host of this.flushers) if (!host.busy && random.chance(70)) this.flush(host, this.now + host.skew);
      await this.drive();
    }
    count(this.happened, 'history that ages');
  }

  /** Time passes: a little, to where windows become due, or so much that windows could not wait for what is unread. */
  private pass(): void {
    const { random } = this;
    const [left] = this.reading.left;
    if (left) {
      const free = this.evaluators.find(({ busy }) => !busy);
      if (free) this.deliver(free, left, left.incarnation);
      return;
    }
    if (random.chance(60)) {
      const due = Math.ceil((this.now + 1) / (5 * MINUTE)) * 5 * MINUTE;
      this.now = Math.max(this.now, due + random.pick([-1, 0, 1, MINUTE]));
    } else if (this.maxLateMs < DAY && random.chance(15)) {
      count(this.happened, 'outage');
      this.now += this.maxWaitMs + this.maxLateMs + random.pick([0, 30 * MINUTE]);
    } else this.now += random.pick([1_000, MINUTE, 11 * MINUTE]);
  }

  private host(kind: string): Host {
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

  private surroundings(): Surroundings {
    const { world, store, deployment, hub, outbox, random, problems, knowsEnds, pageSize } = this;
    const { maxLateMs, maxWaitMs, maxWindowsPerFlush, letters } = this;
    const bounds = { graceMs: GRACE, maxLateMs, maxAheadMs: MAX_AHEAD, maxWaitMs, maxWindowsPerFlush };
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
  private evaluate(host: Host, p: number, from = this.start(p), to = from + 1 + this.random.below(this.batch)): void {
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
  private deliver(host: Host, delivery: Delivery, known?: string): void {
    const { happened, reading, namespace } = this;
    const { partition, messages } = delivery;
    const [first] = messages;
    const { hub, engine, process } = host;
    const isAgain = host.failed === delivery;
    // Nobody but the process that read it tries it again.
    host.failed = known === undefined ? delivery : undefined;
    if (!isAgain) host.isAsking = known === undefined;
    host.last.set(partition, delivery);
    this.launch(host, async () => {
      const { sequenceNumber: last } = messages.at(-1)!;
      const { sequenceNumber, enqueuedTime } = first!;
      const incarnation =
        known ?? (await hub.incarnation(String(partition), sequenceNumber, last, Date.now(), enqueuedTime));
      if (process.isDead) throw new Killed();
      host.isAsking = false;
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
  private recreate(): void {
    // What a process has received and not asked about could be of either hub.
    if (this.evaluators.some(({ busy, isAsking }) => busy && isAsking)) return;
    if (!this.reading.recreate(this.now + 1_000)) return;
    this.now += 1_000;
    for (const host of this.evaluators) if (host.isAsking) host.failed = undefined;
  }

  /** Batches of hubs that are gone come to an end, before time passes. */
  private async settle(): Promise<void> {
    this.world.chances = { kill: 0, fail: 0 };
    await this.drive();
    for (let left = this.reading.left[0]; left; left = this.reading.left[0]) {
      this.deliver(this.evaluators[0]!, left, left.incarnation);
      await this.drive();
    }
  }

  /** Other plans are deployed, or a version of the program that cannot run one of them; some processes find out later. */
  private redeploy(): void {
    const { random, deployment } = this;
    const hosts = [...this.evaluators, ...this.flushers];
    const processes = hosts.map(({ process }) => process);
    if (!this.rollsBack || random.chance(60)) deployment.change(this.now, processes);
    else if (deployment.roll()) for (const process of processes) process.isDead = true;
  }

  private start(p: number): number {
    const back = this.random.chance(25) ? this.random.below(5) : 0;
    if (back > 0) count(this.happened, 'redelivery');
    return Math.max(0, this.reading.checkpoints[p]! - back);
  }

  private flush(host: Host, now: number): void {
    this.launch(host, async () => {
      const { corrections, withdrawn, waiting, more } = await host.engine.flush(now);
      this.more = more;
      count(this.happened, 'flush');
      if (corrections > 0) count(this.happened, 'flush with corrections');
      if (withdrawn > 0) count(this.happened, 'flush with withdrawals');
      if (waiting > 0) count(this.happened, 'flush that waits for partitions');
    });
  }

  private launch(host: Host, run: () => Promise<void>): void {
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

  private async drive(): Promise<void> {
    while (this.running > 0) await this.world.advance();
  }

  /** No more faults: everything is delivered, and flushed until nothing is left to do. */
  async rest(): Promise<void> {
    this.world.chances = { kill: 0, fail: 0 };
    this.world.isCalm = true;
    await this.settle();
    this.deployment.settle();
    Object.assign(this.operator, this.host('operator'));
    this.flushers[0] = this.host('flusher');
    this.evaluators[0] = this.host('evaluator');
    if (this.letters) {
      this.letters.isRefusing = false;
      await this.resendAll(this.letters);
    }
    for (const minutes of [6, 25, 40, 70, 70, 70, 70]) {
      this.now += minutes * MINUTE;
      for (const [p, log] of this.hub.logs.entries()) {
        this.evaluate(this.evaluators[0], p, this.reading.checkpoints[p]!, log.length);
        await this.drive();
      }
      do {
        this.more = false;
        this.flush(this.flushers[0], this.now);
        await this.drive();
      } while (this.more);
      if (minutes > 25 && !this.outbox.hasWork()) return;
    }
  }

  check(): Promise<void> {
    const { store, first, problems, happened, outbox } = this;
    const { rules, interrupted, deployed } = this.deployment;
    const { events } = this.hub;
    return judge({
      store,
      rules,
      first,
      events,
      uncounted: (this.letters?.uncounted() ?? []).map(({ ruleId, ...at }) => ({
        ruleId,
        events: this.hub.eventsOf(at),
      })),
      problems,
      happened,
      outbox,
      interrupted,
      deployed,
      maxLateMs: this.maxLateMs,
      dueBefore: this.now - GRACE,
    });
  }

  /** State that is gone does not come back by what is delivered again, and changes nothing. */
  async deliverAllAgain(): Promise<void> {
    if (this.problems.length > 0 || !this.random.chance(30)) return;
    count(this.happened, 'everything delivered again');
    for (const [p, log] of this.hub.logs.entries()) {
      this.evaluate(this.evaluators[0]!, p, 0, log.length);
      await this.drive();
    }
    for (let i = 0; i < 2; i++) {
      this.flush(this.flushers[0]!, this.now);
      await this.drive();
    }
    await this.check();
  }
}
