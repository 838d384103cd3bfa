import { deliver } from '../alerts/delivery/deliver';
import type { PublishResult } from '../alerts/delivery/publish';
import { WindowLost } from '../alerts/delivery/windows';
import { reasonOf } from '../alerts/sinks/sink';
import { KqlError } from '../kql';
import { isRefusal } from '../state/errors';
import { activatePlans } from './activation';
import { expireOld, forgetOldAlerts } from './expiry';
import { clearLatePane, readLatePanes } from './late-panes';
import { evaluatedUpTo, readProgress } from './progress';
import { type CursorKey, owns, readCursor, writeCursor } from './rule-cursor';
import type { RuleSource } from './rule-source';
import type { EngineRule, RuleSet } from './rules';
import { trustedTime } from './trusted-time';
import type { EngineOptions, FlushResult, PartitionEnd } from './types';
import { runWindow } from './window-run';

/** How often state and alerts that are too old are looked for, ms. */
const EXPIRY_INTERVAL_MS = 600_000;
/** How often the deployed plans are put in force again, ms: a process of another version may have put its own in force since. */
const ACTIVATION_INTERVAL_MS = 600_000;

type Counts = { -readonly [K in keyof FlushResult]: FlushResult[K] };

/** The second half of the engine: state in, alerts out. */
export class Flusher {
  /** The plans that this process has put in force, and when, ms. */
  private activated = { version: '', at: Number.NEGATIVE_INFINITY };
  private expiredAt = Number.NEGATIVE_INFINITY;

  constructor(
    private readonly source: RuleSource,
    private readonly options: EngineOptions,
  ) {}

  /**
   * Runs the windows that late events touch, then every window that is due at `clock` (ms), in order, and sends what the outbox holds. A rule that
   * fails is logged and does not stop the others. Where `clock` is far from the store's clock, that counts. Throws StoreUnavailable, and StoreRejected
   * where a permission is missing.
   */
  async flush(clock: number): Promise<FlushResult> {
    const now = await trustedTime(this.options, clock);
    const counts: Counts = {
      at: now,
      windows: 0,
      corrections: 0,
      failed: 0,
      waiting: 0,
      created: 0,
      revised: 0,
      withdrawn: 0,
      sent: 0,
      undelivered: 0,
      more: false,
    };
    const rules = await this.activeRules(now);
    // Asked before any state is read: what the partitions held until then must be in it.
    const readUpTo = await this.readUpTo();
    for (const rule of rules.rules) {
      const isCorrected = await this.runLate(rule, now, counts);
      if (this.options.clock === 'wall') await this.runDue(rule, now, { readUpTo, isCorrected }, counts);
      if (this.options.clock === 'wall' && rule.plan.settings.early) await this.runEarly(rule, now, counts);
    }
    const outbox = { store: this.options.store, table: this.options.tables.alerts };
    for (const delivery of await deliver(outbox, this.options.sinks, { now })) {
      counts.sent += delivery.sent;
      counts.undelivered += delivery.failed;
      counts.more ||= delivery.more;
      for (const reason of delivery.reasons)
        this.options.log({
          level: 'error',
          message: 'alerts not delivered',
          sink: delivery.sink,
          failed: delivery.failed,
          reason,
        });
    }
    await this.expire(rules, now, readUpTo);
    return counts;
  }

  /** What is too old goes from time to time: looking for it costs a read per leg and rule. */
  private async expire(rules: RuleSet, now: number, readUpTo: number): Promise<void> {
    if (this.options.clock === 'event' || Math.abs(now - this.expiredAt) < EXPIRY_INTERVAL_MS) return;
    await expireOld(this.options, rules, now, readUpTo);
    await forgetOldAlerts(this.options, rules, now);
    this.expiredAt = now;
  }

  /** Deployed plans are put in force from time to time, not every tick: another version of the app may still be running beside this one. */
  private async activeRules(now: number): Promise<RuleSet> {
    if (this.options.clock === 'wall') {
      const { version, plans } = await this.source.deployment();
      const isInForce =
        version === this.activated.version && Math.abs(now - this.activated.at) < ACTIVATION_INTERVAL_MS;
      const isDeployed = async (): Promise<boolean> => (await this.source.deployment()).version === version;
      const deployment = { plans, isDeployed };
      if (!isInForce && (await activatePlans(this.options, deployment, (plan) => this.graceOf({ plan }), now)))
        this.activated = { version, at: now };
    }
    return this.source.refresh(now);
  }

  private graceOf({ plan }: Pick<EngineRule, 'plan'>): number {
    const grace = this.options.graceMs ?? plan.settings.graceMs;
    return plan.schedule.clock === 'enqueued' ? Math.min(grace, 60_000) : grace;
  }

  /** The enqueued time (ms) up to which all partitions have been evaluated. */
  private async readUpTo(): Promise<number> {
    const { hubEnds, store, tables, clock, log } = this.options;
    if (!hubEnds || clock === 'event') return Number.POSITIVE_INFINITY;
    let ends: readonly PartitionEnd[];
    try {
      ends = await hubEnds();
    } catch (error) {
      // What is not known is waited for; alerts that are there already still go out.
      log({ level: 'error', message: 'the hub does not answer', reason: reasonOf(error) });
      return Number.NEGATIVE_INFINITY;
    }
    return evaluatedUpTo(ends, await readProgress(store, tables.control));
  }

  /** Windows whose end lies a grace back, in order, as far as they are this plan's. */
  private async runDue(
    rule: EngineRule,
    now: number,
    { readUpTo, isCorrected }: { readUpTo: number; isCorrected: boolean },
    counts: Counts,
  ): Promise<void> {
    const { frequencyMs } = rule.plan.schedule;
    const { store, tables, maxWindowsPerFlush, maxWaitMs, maxLateMs } = this.options;
    const grace = this.graceOf(rule);
    let cursor = await readCursor(store, tables.control, keyOf(rule));
    for (let left = maxWindowsPerFlush; cursor; left--) {
      const end: number = cursor.last + frequencyMs;
      if (end > now - grace || (cursor.until !== 0 && end >= cursor.until)) return;
      if (left === 0) {
        counts.more = true;
        return;
      }
      const isBehind = readUpTo < end + grace;
      const waitingSince: number = cursor.waitingSince || now;
      if (isBehind && now - waitingSince < maxWaitMs) {
        counts.waiting++;
        if (cursor.waitingSince === 0) await writeCursor(store, tables.control, { ...cursor, waitingSince });
        return;
      }
      // Published before any state is read: whoever commits later sees it, and leaves a note.
      cursor = await writeCursor(store, tables.control, { ...cursor, closing: Math.max(cursor.closing, end) });
      if (!cursor) return;
      // Lost to another run, which may have read less: the next tick tries again.
      if (!(await this.run(rule, end, now, { since: cursor.since, isBehind, again: false }, counts))) return;
      // One that could not wait lets the next one wait no longer than it did.
      cursor = await writeCursor(store, tables.control, {
        ...cursor,
        last: end,
        // What was read up to there has left its notes, and none is left.
        kept: isCorrected ? Math.max(cursor.kept, Math.min(end, readUpTo) - maxLateMs) : cursor.kept,
        waitingSince: isBehind ? waitingSince : 0,
      });
    }
  }

  /**
   * Windows that are still open, for a rule whose result more events can only add to: an alert is sent within a tick of its match, and
   * revised when the window closes.
   */
  private async runEarly(rule: EngineRule, now: number, counts: Counts): Promise<void> {
    const { frequencyMs } = rule.plan.schedule;
    const cursor = await readCursor(this.options.store, this.options.tables.control, keyOf(rule));
    if (!cursor) return;
    const isOwn = (end: number): boolean => cursor.until === 0 || end < cursor.until;
    // Those that are due already run in their turn.
    const notDue = (Math.floor((now - this.graceOf(rule)) / frequencyMs) + 1) * frequencyMs;
    for (
      let end = Math.max(cursor.last + frequencyMs, notDue);
      end < now + frequencyMs && isOwn(end);
      end += frequencyMs
    ) {
      await this.run(rule, end, now, { since: cursor.since, isBehind: true, again: false }, counts);
    }
  }

  /**
   * Windows that were run before the events of a pane came, and with a replay's clock every window over a pane. Returns whether none is left.
   */
  private async runLate(rule: EngineRule, now: number, counts: Counts): Promise<boolean> {
    const { store, tables, clock, maxWindowsPerFlush } = this.options;
    const { frequencyMs, periodMs } = rule.plan.schedule;
    const notes = await readLatePanes(store, tables.control, rule.lineage, maxWindowsPerFlush + 1);
    if (notes.length === 0) return true;
    counts.more ||= notes.length > maxWindowsPerFlush;
    const cursor = clock === 'event' ? undefined : await readCursor(store, tables.control, keyOf(rule));
    if (!cursor && clock !== 'event') return false;
    let allDone = notes.length <= maxWindowsPerFlush;
    const { last, closing, kept, since } = cursor ?? EVERY_WINDOW;
    const paneMs = rule.plan.stream.paneMs;
    const lost = new Map<number, boolean>();
    for (const note of notes.slice(0, maxWindowsPerFlush)) {
      const from = Math.max(note.paneStart + paneMs, kept);
      const first = Math.ceil(from / frequencyMs) * frequencyMs;
      const to = note.paneStart + periodMs;
      // A window that another flush is running now may have read its state before these events came.
      let isDone = Math.min(to, closing) <= last || first > Math.min(to, closing);
      for (let end = first; end <= Math.min(to, last); end += frequencyMs) {
        if (!owns(cursor ?? EVERY_WINDOW, end)) continue;
        if (!lost.has(end)) {
          counts.corrections++;
          lost.set(end, !(await this.run(rule, end, now, { since, isBehind: false, again: true }, counts)));
        }
        isDone &&= lost.get(end) === false;
      }
      if (isDone) await clearLatePane(store, tables.control, rule.lineage, note);
      else allDone = false;
    }
    return allDone;
  }

  private async isKept(rule: EngineRule, end: number): Promise<boolean> {
    const { store, tables, clock } = this.options;
    if (clock === 'event') return true;
    const cursor = await readCursor(store, tables.control, keyOf(rule));
    return cursor !== undefined && end >= cursor.kept;
  }

  /** Runs a window; what goes wrong with it alone is logged. Returns whether it need not be tried again. */
  private async run(
    rule: EngineRule,
    end: number,
    now: number,
    { since, isBehind, again }: { since: number; isBehind: boolean; again: boolean },
    counts: Counts,
  ): Promise<boolean> {
    const incomplete = isBehind || end - rule.plan.schedule.periodMs < since;
    try {
      const isKept = (): Promise<boolean> => this.isKept(rule, end);
      const published = await runWindow(rule, this.options, { end, now, incomplete, again, isKept });
      counts.windows++;
      if (published) add(counts, published);
      return true;
    } catch (error) {
      // Another run began meanwhile; it may have read the state before what this one was to see.
      if (error instanceof WindowLost) return false;
      if (!(isRefusal(error) || error instanceof KqlError || error instanceof RangeError)) throw error;
      counts.failed++;
      this.options.log({
        level: 'error',
        message: 'window failed',
        rule: rule.plan.rule.id,
        window: new Date(end).toISOString(),
        reason: error.message,
      });
      return true;
    }
  }
}

/** In a replay every window may be run at any time. */
const EVERY_WINDOW = { after: -Infinity, last: Infinity, closing: Infinity, kept: 0, until: 0, gaps: [], since: 0 };

const keyOf = ({ plan, lineage }: EngineRule): CursorKey => ({ ruleId: plan.rule.id, lineage });

function add(counts: Counts, { created, revised, withdrawn }: PublishResult): void {
  counts.created += created;
  counts.revised += revised;
  counts.withdrawn += withdrawn;
}
