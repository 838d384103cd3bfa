import { readCursors } from '../../src/engine/rule-cursor';
import { DAY, MINUTE } from '../support/stream';
import { Actors, clocks, GRACE, SKEWS } from './actors';
import { NAMESPACES } from './history-engine';
import { judge } from './judge';
import type { Letters } from './letters';
import { TABLES } from './outbox';
import type { ChaosRule } from './rules';
import { count } from './world';

export interface Outcome {
  readonly problems: readonly string[];
  readonly steps: ReadonlyMap<string, number>;
  readonly crashes: ReadonlyMap<string, number>;
  /** What happened, to see that histories reach what they are for. */
  readonly happened: ReadonlyMap<string, number>;
}

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
  performance.now = () => history.now + history.world.elapsed;
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

class History extends Actors {
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
    const flushing = this.flushers.filter(({ busy }) => busy);
    if (flushing.length > 0 && random.chance(4))
      world.standStill(random.pick(flushing).process, random.pick([20, 100, 400]));
    else if (this.letters && random.chance(30)) this.handle(this.letters);
    else if (this.rollsBack && random.chance(6)) this.roll();
    else if (roll < 4) this.hub.publish(this.now);
    else if (roll < 8) {
      const host = random.pick(this.evaluators);
      const partition = random.below(this.hub.logs.length);
      if (host.busy) return;
      if (host.failed && this.recreates && random.chance(70)) this.recreate();
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
      if (random.chance(20)) this.readAgain();
    }
  }

  /** Every dead letter that somebody wants is sent again. */
  private async resendAll({ ids, isWanted }: Letters): Promise<void> {
    for (const id of ids()) {
      if (!isWanted(id)) continue;
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
    const accepted = new Set((this.letters?.accepted ?? []).flatMap((at) => this.hub.eventsOf(at)));
    const events = this.hub.events.map((event) => (accepted.has(event) ? { ...event, isRefused: false } : event));
    return judge({
      store,
      rules,
      first,
      events,
      uncounted: (this.letters?.uncounted() ?? []).map((one) => ({ ...one, events: this.hub.eventsOf(one) })),
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
