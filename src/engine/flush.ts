import { deliver } from '../alerts/delivery/deliver';
import type { PublishResult } from '../alerts/delivery/publish';
import { markFailed, WindowLost } from '../alerts/delivery/windows';
import { reasonOf } from '../alerts/sinks/sink';
import { timeBasisOf } from '../plan/rule-plan';
import { isConflict, isOutage } from '../state/errors';
import { activatePlans } from './activation';
import { expireOld } from './expiry';
import { clearLatePane, readLatePanes } from './late-panes';
import { OldAlerts } from './old-alerts';
import { readProgress, watermarkOf } from './progress';
import { type CursorKey, owns, readCursor, writeCursor } from './rule-cursor';
import type { RuleSource } from './rule-source';
import type { EngineRule, RuleSet } from './rules';
import { trustedTime } from './trusted-time';
import type { EngineOptions, FlushResult, PartitionEnd } from './types';
import { runWindow } from './window-run';

/** How often state and alerts that are too old are looked for, ms. */
const EXPIRY_INTERVAL_MS = 600_000;
/** How often the deployed plans are put in force again, ms: an instance that still ran the version before may have put that one in force. */
const ACTIVATION_INTERVAL_MS = 600_000;

type Counts = { -readonly [K in keyof FlushResult]: FlushResult[K] };

/** The second half of the engine: state in, alerts out. */
export class Flusher {
  /** The plans that this process has put in force, and when, ms. */
  private activated = { version: '', at: Number.NEGATIVE_INFINITY };
  private expiredAt = Number.NEGATIVE_INFINITY;
  private expiryTurn = 0;
  private readonly forgotten: OldAlerts;

  constructor(
    private readonly source: RuleSource,
    private readonly options: EngineOptions,
  ) {
    this.forgotten = new OldAlerts(options);
  }

  /**
   * Runs the windows that late events touch, then every window that is due, in order, and sends what the outbox holds. A rule that fails is
   * logged and does not stop the others. `ownTime`: what time this process thinks it is, ms; see `trustedTime`. Throws StoreUnavailable, and
   * StoreRejected where a permission is missing.
   */
  async flush(ownTime: number): Promise<FlushResult> {
    const now = await trustedTime(this.options, ownTime);
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
    // Asked before any state is read: the state read later then covers at least what the hub held up to here.
    const watermark = await this.watermark();
    for (const rule of rules.rules) {
      await this.isolated(rule.plan.rule.id, counts, async () => {
        const isCorrected = await this.runLate(rule, now, counts);
        if (this.options.mode === 'live') await this.runDue(rule, now, { watermark, isCorrected }, counts);
        if (this.options.mode === 'live' && rule.plan.settings.early) await this.runEarly(rule, now, counts);
      });
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
    await this.expire(rules, now, watermark);
    return counts;
  }

  /** What goes wrong with one rule, other than an outage, stays there: told, and the others run. */
  private async isolated(rule: string, counts: Counts, action: () => Promise<void>): Promise<void> {
    try {
      await action();
    } catch (error) {
      if (isOutage(error)) throw error;
      counts.failed++;
      this.options.log({ level: 'error', message: 'rule failed', rule, reason: (error as Error).message });
    }
  }

  /** Deletes what is too old, but not every tick: looking for it costs a read for each leg and rule. */
  private async expire(rules: RuleSet, now: number, watermark: number): Promise<void> {
    if (this.options.mode === 'replay' || Math.abs(now - this.expiredAt) < EXPIRY_INTERVAL_MS) return;
    const limit = this.options.maxExpiredPerFlush;
    const state = await expireOld(this.options, rules, { now, watermark, turn: this.expiryTurn });
    const alerts = await this.forgotten.forget(now);
    this.expiryTurn++;
    // What is left goes at the next tick: more may come in than one call deletes.
    if (state < limit && alerts < limit) this.expiredAt = now;
    if (state + alerts > 0) this.options.log({ level: 'info', message: 'expired', state, alerts });
  }

  /** The rules to run. Puts the deployed plans in force when they are new to this process, and again every ten minutes. */
  private async activeRules(now: number): Promise<RuleSet> {
    if (this.options.mode === 'live') {
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
    return timeBasisOf(plan.schedule) === 'ingestion' ? Math.min(grace, 60_000) : grace;
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

  /** Runs, in order, the windows of this lineage that ended at least a grace ago. */
  private async runDue(
    rule: EngineRule,
    now: number,
    { watermark, isCorrected }: { watermark: number; isCorrected: boolean },
    counts: Counts,
  ): Promise<void> {
    const { frequencyMs } = rule.plan.schedule;
    const { store, tables, maxWindowsPerFlush, maxWaitMs, maxLateMs } = this.options;
    const grace = this.graceOf(rule);
    let cursor = await readCursor(store, tables.control, keyOf(rule));
    for (let left = maxWindowsPerFlush; cursor; left--) {
      const end: number = cursor.lastRunEnd + frequencyMs;
      if (end > now - grace || (cursor.ownsUntil !== 0 && end >= cursor.ownsUntil)) return;
      if (left === 0) {
        counts.more = true;
        return;
      }
      const isBehind = watermark < end + grace;
      const waitingSince: number = cursor.waitingSince || now;
      if (isBehind && now - waitingSince < maxWaitMs) {
        counts.waiting++;
        if (cursor.waitingSince === 0) await writeCursor(store, tables.control, { ...cursor, waitingSince });
        return;
      }
      // Must be published before any state is read: whoever commits an event to this window later sees it and leaves a note.
      cursor = await writeCursor(store, tables.control, { ...cursor, closingEnd: Math.max(cursor.closingEnd, end) });
      if (!cursor) return;
      // Another run of this window began after this one and may have read its state before these events: the next flush runs it again.
      if (!(await this.run(rule, end, now, { countedSince: cursor.countedSince, isBehind, again: false }, counts)))
        return;
      // After a window that was run incomplete, `waitingSince` stays: where a partition is stuck, the windows after it do not each wait
      // for `maxWaitMs` again.
      cursor = await writeCursor(store, tables.control, {
        ...cursor,
        lastRunEnd: end,
        // Events enqueued up to the watermark have been committed and have left their notes, and all notes are worked off.
        windowsKeptFrom: isCorrected
          ? Math.max(cursor.windowsKeptFrom, Math.min(end, watermark) - maxLateMs)
          : cursor.windowsKeptFrom,
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
    const isOwn = (end: number): boolean => cursor.ownsUntil === 0 || end < cursor.ownsUntil;
    // Windows that are due are run by `runDue`.
    const notDue = (Math.floor((now - this.graceOf(rule)) / frequencyMs) + 1) * frequencyMs;
    for (
      let end = Math.max(cursor.lastRunEnd + frequencyMs, notDue);
      end < now + frequencyMs && isOwn(end);
      end += frequencyMs
    ) {
      await this.run(rule, end, now, { countedSince: cursor.countedSince, isBehind: true, again: false }, counts);
    }
  }

  /**
   * Runs again the windows that had run when late events came to one of their panes; in a replay, every window over a pane with events.
   * Returns whether no note is left.
   */
  private async runLate(rule: EngineRule, now: number, counts: Counts): Promise<boolean> {
    const { store, tables, mode, maxWindowsPerFlush } = this.options;
    const { frequencyMs, periodMs } = rule.plan.schedule;
    const notes = await readLatePanes(store, tables.control, rule.lineage, maxWindowsPerFlush + 1);
    if (notes.length === 0) return true;
    counts.more ||= notes.length > maxWindowsPerFlush;
    const cursor = mode === 'replay' ? undefined : await readCursor(store, tables.control, keyOf(rule));
    if (!cursor && mode !== 'replay') return false;
    let allDone = notes.length <= maxWindowsPerFlush;
    const { lastRunEnd, closingEnd, windowsKeptFrom, countedSince } = cursor ?? EVERY_WINDOW;
    const paneMs = rule.plan.stream.paneMs;
    const lost = new Map<number, boolean>();
    for (const note of notes.slice(0, maxWindowsPerFlush)) {
      const from = Math.max(note.paneStart + paneMs, windowsKeptFrom);
      const first = Math.ceil(from / frequencyMs) * frequencyMs;
      const to = note.paneStart + periodMs;
      // A window between `lastRunEnd` and `closingEnd` is being run by another flush, which may have read the state before these events came:
      // the note stays until that window counts as run.
      let isDone = Math.min(to, closingEnd) <= lastRunEnd || first > Math.min(to, closingEnd);
      for (let end = first; end <= Math.min(to, lastRunEnd); end += frequencyMs) {
        if (!owns(cursor ?? EVERY_WINDOW, end)) continue;
        if (!lost.has(end)) {
          counts.corrections++;
          lost.set(end, !(await this.run(rule, end, now, { countedSince, isBehind: false, again: true }, counts)));
        }
        isDone &&= lost.get(end) === false;
      }
      if (isDone) await clearLatePane(store, tables.control, rule.lineage, note);
      else allDone = false;
    }
    return allDone;
  }

  private async isKept(rule: EngineRule, end: number): Promise<boolean> {
    const { store, tables, mode } = this.options;
    if (mode === 'replay') return true;
    const cursor = await readCursor(store, tables.control, keyOf(rule));
    return cursor !== undefined && end >= cursor.windowsKeptFrom;
  }

  /** Runs a window. A fault of this window alone is logged. Returns false where the window has to be run again. */
  private async run(
    rule: EngineRule,
    end: number,
    now: number,
    { countedSince, isBehind, again }: { countedSince: number; isBehind: boolean; again: boolean },
    counts: Counts,
  ): Promise<boolean> {
    const incomplete = isBehind || end - rule.plan.schedule.periodMs < countedSince;
    try {
      const isKept = (): Promise<boolean> => this.isKept(rule, end);
      const published = await runWindow(rule, this.options, { end, now, incomplete, again, isKept });
      counts.windows++;
      if (published) add(counts, published);
      return true;
    } catch (error) {
      // Another run of the window began meanwhile. It may have read the state before the events that this run was for.
      if (error instanceof WindowLost) return false;
      if (isOutage(error)) throw error;
      counts.failed++;
      this.options.log({
        level: 'error',
        message: 'window failed',
        rule: rule.plan.rule.id,
        window: new Date(end).toISOString(),
        reason: (error as Error).message,
      });
      // Another writer got in between: the next tick sees what it left.
      if (isConflict(error)) return false;
      await this.markFailed(rule, end, (error as Error).message);
      return true;
    }
  }

  private async markFailed({ plan }: EngineRule, windowEnd: number, failure: string): Promise<void> {
    const { store, tables } = this.options;
    try {
      await markFailed({ store, table: tables.alerts }, { ruleId: plan.rule.id, windowEnd }, failure);
    } catch (error) {
      // The window's own row may be what is damaged; it has been told.
      if (isOutage(error)) throw error;
    }
  }
}

/** What stands for a cursor in a replay: every window is owned, and may be run at any time. */
const EVERY_WINDOW = {
  ownsAfter: -Infinity,
  ownsUntil: 0,
  notOwned: [],
  lastRunEnd: Infinity,
  closingEnd: Infinity,
  windowsKeptFrom: 0,
  countedSince: 0,
};

const keyOf = ({ plan, lineage }: EngineRule): CursorKey => ({ ruleId: plan.rule.id, lineage });

function add(counts: Counts, { created, revised, withdrawn }: PublishResult): void {
  counts.created += created;
  counts.revised += revised;
  counts.withdrawn += withdrawn;
}
