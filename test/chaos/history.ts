import { AsyncLocalStorage } from 'node:async_hooks';
import type { AlertJson, Sink } from '../../src/alerts/sinks/sink';
import { DEFAULTS, type Engine } from '../../src/engine';
import { lineageOf } from '../../src/engine/activation';
import { Evaluator } from '../../src/engine/evaluate';
import { Flusher } from '../../src/engine/flush';
import { readCursors } from '../../src/engine/rule-cursor';
import { RuleSource } from '../../src/engine/rule-source';
import type { EngineOptions, PlanSet } from '../../src/engine/types';
import type { HubMessage } from '../../src/events/types';
import { ticksFromMs } from '../../src/kql/values/datetime';
import { StoreUnavailable } from '../../src/state/errors';
import { MemoryStore } from '../../src/state/memory';
import { randomOf } from '../support/random';
import { type BatchEvent, DAY, HOUR, MINUTE } from '../support/stream';
import { randomFields } from './events';
import { judge } from './judge';
import { iso, RecordedOutbox, SINKS, TABLES } from './outbox';
import type { ChaosRule, RuleVersion } from './rules';
import { targetOf } from './steps';
import { count, Killed, type Process, ProcessStore, World } from './world';

const START = Date.UTC(2024, 4, 1, 6);
const GRACE = 5 * MINUTE;
const MAX_EARLY = 15 * MINUTE;
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
  busy: boolean;
  /** How far its clock is ahead, ms. */
  skew: number;
}

/** Clocks of processes differ a little, or are wrong. */
const SKEWS = [0, 0, 0, 20_000, -20_000, 55_000, -55_000, -20 * MINUTE, 3 * HOUR, 60 * DAY, -60 * DAY];
/** The skew of the process that runs. */
const clocks = new AsyncLocalStorage<Host>();

/**
 * Plays a random history of the whole engine over one store: events published to partitions, in order, late or early; two processes that
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
  private readonly logs: HubMessage[][];
  private readonly checkpoints: number[];
  private readonly events: BatchEvent[] = [];
  private readonly evaluators: Host[];
  private readonly flushers: Host[];
  private readonly first = new Map<string, number>();
  private readonly knowsEnds: boolean;
  private readonly pageSize: number;
  private readonly actions: number;
  /** Few rules make short flushes, of which many meet. */
  private readonly rules: readonly ChaosRule[];
  /** How late events come, ms: few choices, so that they meet in a pane. */
  private readonly delays: readonly number[];
  private readonly maxLateMs: number;
  private readonly maxWaitMs: number;
  private readonly changes: boolean;
  private readonly deployed = new Map<string, RuleVersion>();
  private readonly interrupted = new Set<string>();
  private deployment: PlanSet;
  private readonly isLarge: boolean;
  /** Many groups in a batch. */
  private readonly isWide: boolean;
  /** So long that plans which were replaced are forgotten. */
  private readonly ages: boolean;
  /** A partition that nobody reads for now. */
  private stalled: number | undefined;
  /** The last flush left work. */
  private more = false;
  private running = 0;
  private names = 0;

  constructor(rules: readonly ChaosRule[], seed: number) {
    const random = randomOf(seed);
    this.random = random;
    this.rules = random.shuffled(rules).slice(0, random.pick([1, 1, 1, 2, 2, 3]));
    this.delays = random.shuffled(DELAYS).slice(0, random.pick([1, 2, 4, DELAYS.length]));
    this.world = new World(random);
    const target = targetOf(seed);
    this.world.target = target;
    this.isLarge = target.needs.startsWith('large');
    this.isWide = target.needs === 'groups';
    this.ages = target.needs.endsWith('clean-up');
    this.actions = this.isLarge ? 30 : random.pick([30, 50, 80]);
    const partitions = 1 + random.below(3);
    this.logs = Array.from({ length: partitions }, () => []);
    this.checkpoints = this.logs.map(() => 0);
    this.knowsEnds = this.ages || target.step === 'ask for ends' || random.chance(50);
    // Without the ends of partitions nobody knows what is unread, and state goes by the clock: then an outage must be shorter than this.
    this.maxLateMs = this.ages ? 12 * MINUTE : this.knowsEnds ? random.pick([12 * MINUTE, 40 * MINUTE, DAY]) : DAY;
    this.maxWaitMs = random.pick([20 * MINUTE, HOUR]);
    this.changes = this.ages || target.needs === 'changes' || random.chance(40);
    this.pageSize = random.pick([1, 2, 3, 1000]);
    for (const rule of this.rules) this.deployed.set(rule.plan.rule.id, rule.versions[0]!);
    this.deployment = { version: '0', plans: [...this.deployed.values()].map(({ plan }) => plan) };
    this.outbox = new RecordedOutbox(this.store, this.problems, this.happened);
    this.evaluators = [this.host('evaluator'), this.host('evaluator')];
    this.flushers = [this.host('flusher'), this.host('flusher')];
  }

  async play(): Promise<void> {
    this.flush(this.flushers[0]!, this.now);
    await this.drive();
    for (const cursor of await readCursors(this.store, TABLES.control)) this.first.set(cursor.ruleId, cursor.last);
    // The first flush was cut off: they begin while events come, as one does that was removed.
    for (const { plan } of this.rules) if (!this.first.has(plan.rule.id)) this.interrupted.add(plan.rule.id);
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
    const { random } = this;
    const roll = random.below(16);
    if (roll < 4) this.publish();
    else if (roll < 8) {
      const host = random.pick(this.evaluators);
      const partition = random.below(this.logs.length);
      if (!host.busy && partition !== this.stalled) this.evaluate(host, partition);
    } else if (roll < 12) {
      const host = random.pick(this.flushers);
      if (!host.busy) this.flush(host, this.now + host.skew);
    } else if (roll < 15) this.pass();
    else if (this.changes && random.chance(50)) this.change();
    else if (random.chance(15)) random.pick([...this.evaluators, ...this.flushers]).process.isDead = true;
    else if (random.chance(30)) random.pick([...this.evaluators, ...this.flushers]).skew = random.pick(SKEWS);
    // Without the ends of partitions nobody would know that it is unread.
    else if (this.knowsEnds && random.chance(60)) {
      this.stalled = this.stalled === undefined ? random.below(this.logs.length) : undefined;
      if (this.stalled !== undefined) count(this.happened, 'partition stalled');
    }
  }

  /** Time passes while little happens, until plans that were replaced are forgotten. */
  async age(): Promise<void> {
    if (!this.ages) return;
    const { random, world } = this;
    for (let i = 0; i < 16; i++) {
      world.chances = { kill: random.pick([0, 0, 6]), fail: random.pick([0, 0, 6]) };
      if (i === 0) this.change();
      this.now += random.pick([11, 15, 20]) * MINUTE;
      if (random.chance(30)) this.publish();
      for (const [p, log] of this.logs.entries()) {
        const [host] = this.evaluators;
        if (!host!.busy && log.length > this.checkpoints[p]!) this.evaluate(host!, p, this.checkpoints[p]!, log.length);
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
    if (random.chance(60)) {
      const due = Math.ceil((this.now + 1) / (5 * MINUTE)) * 5 * MINUTE;
      this.now = Math.max(this.now, due + random.pick([-1, 0, 1, MINUTE]));
    } else if (this.maxLateMs < DAY && random.chance(15)) {
      count(this.happened, 'outage');
      this.now += this.maxWaitMs + this.maxLateMs + random.pick([0, 30 * MINUTE]);
    } else this.now += random.pick([1_000, MINUTE, 11 * MINUTE]);
  }

  /** A rule is edited, rolled back, removed or brought back. */
  private change(): void {
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
    const version = String(Number(this.deployment.version) + 1);
    this.deployment = { version, plans: [...this.deployed.values()].map((one) => one.plan) };
  }

  private publish(): void {
    const { random } = this;
    const log = random.pick(this.logs);
    const enqueuedTime = Math.max(this.now, log.at(-1)?.enqueuedTime ?? 0);
    const records: Record<string, unknown>[] = [];
    for (let i = 1 + random.below(3); i > 0; i--) {
      const behind = random.chance(30)
        ? 0
        : random.chance(12)
          ? -random.pick([MINUTE, 10 * MINUTE, HOUR])
          : random.pick(this.delays);
      // On a bound of panes, or anywhere.
      const at = random.chance(30)
        ? Math.floor((enqueuedTime - behind) / (5 * MINUTE)) * 5 * MINUTE
        : enqueuedTime - behind;
      const fields = { TimeGenerated: iso(at), ...randomFields(random, this.isLarge, this.isWide), Type: 'Event' };
      records.push(fields);
      const isRefused = at < enqueuedTime - this.maxLateMs || at > enqueuedTime + MAX_EARLY;
      count(
        this.happened,
        `event ${behind === 0 ? 'on time' : behind < 0 ? 'early' : 'late'}${isRefused ? ', too much' : ''}`,
      );
      if (!isRefused)
        this.events.push({ table: 'Event', fields, time: ticksFromMs(at), ingestion: ticksFromMs(enqueuedTime) });
    }
    const body = Buffer.from(JSON.stringify(records.length === 1 ? records[0] : records));
    log.push({ body, sequenceNumber: log.length * 2, enqueuedTime });
  }

  private host(kind: string): Host {
    const process = { name: `${kind} ${this.names++}`, isDead: false };
    return { process, engine: this.engine(process), busy: false, skew: this.random.pick(SKEWS) };
  }

  private engine(process: Process): Engine {
    const options: EngineOptions = {
      ...DEFAULTS,
      plans: this.deployment.plans,
      deployedPlans: () => this.world.step(process, 'read deployment', () => this.deployment),
      store: new ProcessStore(this.store, this.world, process, this.pageSize, () => this.now),
      tables: TABLES,
      sinks: SINKS.map((name) => this.sink(name, process)),
      deadLetters: { write: () => this.world.step(process, 'write dead letters', () => undefined) },
      clock: 'wall',
      graceMs: GRACE,
      maxLateMs: this.maxLateMs,
      maxEarlyMs: MAX_EARLY,
      maxWaitMs: this.maxWaitMs,
      ...(this.knowsEnds
        ? {
            hubEnds: () =>
              this.world.step(process, 'ask for ends', () =>
                this.logs.map((log, p) => ({
                  source: this.source(p),
                  lastSequenceNumber: log.at(-1)?.sequenceNumber ?? -1,
                })),
              ),
          }
        : {}),
      log: ({ level, message, reason }) => {
        if (level === 'error' && !EXPECTED.has(message)) this.problems.push(`${message}: ${reason}`);
      },
    };
    // Only one of both does anything in a process.
    const source = new RuleSource(options);
    const evaluator = new Evaluator(source, options);
    const flusher = new Flusher(source, options);
    return { evaluate: (batch) => evaluator.evaluate(batch), flush: (now) => flusher.flush(now) };
  }

  private sink(name: string, process: Process): Sink {
    return {
      name,
      send: (alerts) =>
        this.world.step(process, 'send', () => {
          const failed: { index: number; reason: string }[] = [];
          alerts.forEach((alert: AlertJson, index) => {
            if (name === 'two' && this.world.chances.fail > 0 && this.random.chance(20))
              failed.push({ index, reason: 'refused' });
            else this.outbox.receive(name, alert);
          });
          return { failed };
        }),
    };
  }

  private source(partition: number) {
    return { namespace: 'n', hub: 'h', partition: String(partition) };
  }

  /** Delivers a batch from the checkpoint on, or from before it. */
  private evaluate(host: Host, p: number, from = this.start(p), to = from + 1 + this.random.below(6)): void {
    const messages = this.logs[p]!.slice(from, to);
    if (messages.length === 0) return;
    this.launch(host, async () => {
      await host.engine.evaluate({ source: this.source(p), messages });
      // As the hub's client does: the last one to finish says where to go on, even if it is behind.
      this.checkpoints[p] = Math.min(to, from + messages.length);
      count(this.happened, 'batch');
    });
  }

  private start(p: number): number {
    const back = this.random.chance(25) ? this.random.below(5) : 0;
    if (back > 0) count(this.happened, 'redelivery');
    return Math.max(0, this.checkpoints[p]! - back);
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
        // Whoever takes its place finds other rules.
        if (kind === 'flusher' && this.changes && !this.world.isCalm && this.random.chance(20)) this.change();
      });
  }

  private async drive(): Promise<void> {
    while (this.running > 0) await this.world.advance();
  }

  /** No more faults: everything is delivered, and flushed until nothing is left to do. */
  async rest(): Promise<void> {
    this.world.chances = { kill: 0, fail: 0 };
    this.world.isCalm = true;
    await this.drive();
    this.flushers[0] = this.host('flusher');
    this.evaluators[0] = this.host('evaluator');
    for (const minutes of [6, 25, 40, 70, 70, 70, 70]) {
      this.now += minutes * MINUTE;
      for (const [p, log] of this.logs.entries()) {
        this.evaluate(this.evaluators[0], p, this.checkpoints[p]!, log.length);
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
    const { store, rules, first, events, problems, happened, outbox, interrupted, deployed } = this;
    return judge({
      store,
      rules,
      first,
      events,
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
    for (const [p, log] of this.logs.entries()) {
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

/** Faults that the history itself makes. */
const EXPECTED = new Set([
  'alerts not delivered',
  'deployed plans cannot be read',
  'the hub does not answer',
  // Its sequence numbers are not contiguous.
  'messages lost',
]);
