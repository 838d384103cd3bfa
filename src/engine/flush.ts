import { deliver } from '../alerts/delivery/deliver';
import { reasonOf } from '../alerts/sinks/sink';
import { isOutage } from '../state/errors';
import { activatePlans } from './activation';
import { CleanUp, type CleanUpWork } from './clean-up';
import { findDuties } from './duties';
import { IdleRules } from './idle-rules';
import { readAllLatePanes } from './late-notes';
import { MemoryGate } from './memory-gate';
import { readProgress, watermarkOf } from './progress';
import { readCursors } from './rule-cursor';
import type { RuleSource } from './rule-source';
import { type Duty, RuleWork } from './rule-work';
import { noCounts, type Tick } from './tick';
import { TimeBudget } from './time-budget';
import { trustedTime } from './trusted-time';
import { takeTurns } from './turns';
import type { EngineOptions, FlushResult, PartitionEnd } from './types';

/** How often the deployed plans are put in force again, ms: an instance that still ran the version before may have put that one in force. */
const ACTIVATION_INTERVAL_MS = 600_000;
/** Rules worked on at the same time. */
const WIDTH = 32;
/** What each of them may hold in memory, characters; beyond that, one at a time. */
const SHARE = 2_000_000;
/** What a flush that goes on for long has published is sent after so long, ms. */
const DELIVERY_EVERY_MS = 20_000;
/** How long it may take to send what the outbox holds, each time, ms: the rest is sent the next time. */
const DELIVERY_MS = 45_000;

/** The second half of the engine: state in, alerts out. */
export class Flusher {
  /** The plans that this process has put in force, and when, ms. */
  private activated = { version: '', at: Number.NEGATIVE_INFINITY };
  private readonly cleanUp: CleanUp;
  private readonly idle: IdleRules;

  constructor(
    private readonly source: RuleSource,
    private readonly options: EngineOptions,
  ) {
    this.cleanUp = new CleanUp(options);
    this.idle = new IdleRules(options.store, options.tables.control);
  }

  /**
   * Sends what the outbox holds; runs the windows that late events touch and those that are due, many rules side by side and each rule's in
   * order; deletes what is too old; and sends what came of it. A rule that fails is logged and does not stop the others. What it has no time
   * for, see `maxFlushMs`, another call does. `ownTime`: what time this process thinks it is, ms; see `trustedTime`. Throws StoreUnavailable,
   * and StoreRejected where a permission is missing, when all others have had their turn.
   */
  async flush(ownTime: number): Promise<FlushResult> {
    const { options } = this;
    const budget = new TimeBudget(options.maxFlushMs);
    const now = await trustedTime(options, ownTime);
    const counts = noCounts(now);
    const outbox = new Delivery(this.options, { now, budget, counts });
    const unsent = await outbox.trySend();
    await this.activate(now);
    // Asked before anything else is read: what is read later then covers at least what the hub held up to here.
    const watermark = await this.watermark();
    const tick: Tick = { options, now, watermark, budget, counts, gate: new MemoryGate(SHARE) };
    // Before the cursors: a window that they say has run, or not begun, had or will have seen what the notes stand for.
    const late = await readAllLatePanes(options.store, options.tables.control, now);
    const cursors = await readCursors(options.store, options.tables.control);
    const rules = await this.source.refresh(now, cursors);
    const byLineage = new Map(cursors.map((cursor) => [cursor.lineage, cursor]));
    const { duties, idle } = await findDuties(tick, rules.rules, byLineage, late);
    await this.idle.write(idle);
    const outage = await this.work(tick, duties, this.cleanUp.of(tick, rules), outbox);
    await outbox.sendRest();
    counts.more ||= outbox.hasMore;
    for (const error of [outage, unsent]) if (error !== undefined) throw error;
    return counts;
  }

  /** Returns the first failure of the store, where there was one. */
  private async work(tick: Tick, duties: readonly Duty[], cleanUp: CleanUpWork, outbox: Delivery): Promise<unknown> {
    const { budget, counts } = tick;
    const works = duties.map((duty) => new RuleWork(tick, duty)).sort((a, b) => a.servedAt - b.servedAt);
    const isOver = (): boolean => budget.isSpent;
    const line: (RuleWork | CleanUpWork)[] = works.filter(({ isSuspect }) => !isSuspect);
    let cleans = !cleanUp.hasMore;
    const turn = async (work: RuleWork | CleanUpWork, othersWait: () => boolean): Promise<boolean> => {
      // Clean-up follows the rules, since it deletes what these no longer need. Where they take long, it gets in line.
      if (!cleans && budget.elapsed() > budget.limitMs / 4) {
        cleans = true;
        line.push(cleanUp);
      }
      const hasMore = await (work instanceof RuleWork ? this.isolated(work, tick, othersWait) : work.turn());
      await outbox.sendNowAndThen();
      return hasMore;
    };
    const first = await takeTurns(line, { width: WIDTH, turn, isOver });
    const second = first.outage ? first : await takeTurns([cleanUp], { width: 1, turn, isOver });
    // They may end this process: what the others have to say is sent before, and nothing is under way beside them.
    const suspects = works.filter(({ isSuspect }) => isSuspect);
    if (suspects.length > 0) await outbox.sendRest();
    const third = second.outage ? second : await takeTurns(suspects, { width: 1, turn, isOver });
    const { state, alerts } = cleanUp.deleted;
    counts.expired = state + alerts;
    if (counts.expired > 0) this.options.log({ level: 'info', message: 'expired', state, alerts });
    this.tellBehind(tick, works);
    return third.outage;
  }

  /** Says which rules are left for another flush, for want of time. */
  private tellBehind({ counts, budget }: Tick, works: readonly RuleWork[]): void {
    const left = works.filter((work) => work.isUnfinished);
    counts.more ||= left.length > 0;
    if (!budget.isSpent || left.length === 0) return;
    counts.behind = left.length;
    const [first] = left;
    this.options.log({
      level: 'warn',
      message: 'flush behind',
      rules: left.length,
      longest: first!.ruleId,
      since: new Date(first!.servedAt).toISOString(),
    });
  }

  /** What goes wrong with one rule, other than an outage, stays there: told, and the others run. */
  private async isolated(work: RuleWork, { counts }: Tick, othersWait: () => boolean): Promise<boolean> {
    try {
      return await work.turn(othersWait);
    } catch (error) {
      if (isOutage(error)) throw error;
      counts.failed++;
      this.options.log({ level: 'error', message: 'rule failed', rule: work.ruleId, reason: (error as Error).message });
      return false;
    }
  }

  /** Puts the deployed plans in force when they are new to this process, and again every ten minutes. */
  private async activate(now: number): Promise<void> {
    if (this.options.mode !== 'live') return;
    const { version, plans } = await this.source.deployment();
    const isInForce = version === this.activated.version && Math.abs(now - this.activated.at) < ACTIVATION_INTERVAL_MS;
    const isDeployed = async (): Promise<boolean> => (await this.source.deployment()).version === version;
    const deployment = { plans, isDeployed };
    if (!isInForce && (await activatePlans(this.options, deployment, now))) this.activated = { version, at: now };
  }

  /** The enqueued time (ms) up to which all partitions have been evaluated; infinite where all were read to their end. */
  private async watermark(): Promise<number> {
    const { hubEnds, store, tables, mode, log } = this.options;
    if (!hubEnds || mode === 'replay') return Number.POSITIVE_INFINITY;
    let ends: readonly PartitionEnd[];
    try {
      ends = await hubEnds();
    } catch (error) {
      // Windows wait, for nobody knows what is unread. Alerts in the outbox still go out.
      log({ level: 'error', message: 'the hub does not answer', reason: reasonOf(error) });
      return Number.NEGATIVE_INFINITY;
    }
    return watermarkOf(ends, await readProgress(store, tables.control));
  }
}

/** Sends what the outbox holds, at the times of one flush that this is done at. */
class Delivery {
  private sentAt = 0;
  private published = 0;
  private isSending = false;
  /** The outbox holds more than was sent the last time. */
  hasMore = false;
  /** No sink failed, or asked for a wait, the last time. */
  private isWell = true;

  constructor(
    private readonly options: EngineOptions,
    private readonly tick: Pick<Tick, 'now' | 'budget' | 'counts'>,
  ) {}

  /** Returns what went wrong: that the outbox cannot be read keeps no window from being run. */
  async trySend(): Promise<unknown> {
    try {
      await this.send();
      return undefined;
    } catch (error) {
      return error;
    }
  }

  /** Throws StoreUnavailable. */
  private async send(): Promise<void> {
    const { options, tick } = this;
    const { counts, budget } = tick;
    this.isSending = true;
    try {
      this.published = publishedOf(counts);
      this.hasMore = false;
      this.isWell = true;
      const outbox = { store: options.store, table: options.tables.alerts };
      const began = budget.elapsed();
      const goOn = (): boolean => budget.elapsed() - began < DELIVERY_MS;
      for (const delivery of await deliver(outbox, options.sinks, { now: tick.now, goOn })) {
        counts.sent += delivery.sent;
        counts.undelivered += delivery.failed;
        this.hasMore ||= delivery.more;
        this.isWell &&= delivery.failed === 0 && (delivery.sent > 0 || !delivery.more);
        for (const reason of delivery.reasons)
          options.log({
            level: 'error',
            message: 'alerts not delivered',
            sink: delivery.sink,
            failed: delivery.failed,
            reason,
          });
      }
    } finally {
      this.sentAt = budget.elapsed();
      this.isSending = false;
    }
  }

  /** Where something was published since; all of it, where that does not take long. */
  async sendRest(): Promise<void> {
    const { counts, budget } = this.tick;
    const began = budget.elapsed();
    while (publishedOf(counts) > this.published || (this.hasMore && this.isWell)) {
      await this.send();
      if (budget.elapsed() - began > DELIVERY_MS) return;
    }
  }

  /** The same, but not all the time. */
  async sendNowAndThen(): Promise<void> {
    if (!this.isSending && this.tick.budget.elapsed() - this.sentAt > DELIVERY_EVERY_MS) await this.sendRest();
  }
}

const publishedOf = ({ created, revised, withdrawn }: Tick['counts']): number => created + revised + withdrawn;
