import { graceOf } from '../plan/grace';
import { type RuleCursor, writeCursor } from './rule-cursor';
import type { EngineRule } from './rules';
import type { Tick } from './tick';
import { WindowBatch } from './window-batch';

/** Windows that are published as closing, and run, together. */
const MOST_TOGETHER = 100;

interface Due {
  /** T, ms. */
  readonly end: number;
  /** Not all events that may belong to it have been read. */
  readonly isBehind: boolean;
  /** Since when windows have waited for that, ms; 0: they do not. */
  readonly waitingSince: number;
}

/** The first and the last of windows that follow one another: their ends, ms. */
export interface Stretch {
  readonly first: number;
  readonly last: number;
}

/** The windows of a lineage that ended at least a grace ago and have not run; undefined where there is none. */
export function dueStretch(rule: EngineRule, cursor: RuleCursor, { options, now }: Tick): Stretch | undefined {
  const { frequencyMs } = rule.plan.schedule;
  const { lastRunEnd, ownsUntil } = cursor;
  const first = lastRunEnd + frequencyMs;
  const latest = Math.min(now - graceOf(rule.plan, options.graceMs), ownsUntil === 0 ? Infinity : ownsUntil - 1);
  if (first > latest) return undefined;
  return { first, last: first + Math.floor((latest - first) / frequencyMs) * frequencyMs };
}

/** Runs, in order, the windows of a lineage that ended at least a grace ago. */
export class DueWindows {
  private left: number;
  /** A window has to be run again: what is left is for another flush. */
  private isStopped = false;
  /** Another flush is at work on the rule. */
  private isLost = false;
  private isWaiting = false;

  constructor(
    private readonly tick: Tick,
    private readonly rule: EngineRule,
    public cursor: RuleCursor,
  ) {
    this.left = tick.options.maxWindowsPerFlush;
  }

  /** Whether this flush can do more. */
  get hasMore(): boolean {
    return !this.isStopped && !this.isWaiting && this.left > 0 && this.isUnfinished;
  }

  /** Whether windows are due that do not wait for partitions to be read. */
  get isUnfinished(): boolean {
    return !this.isWaiting && dueStretch(this.rule, this.cursor, this.tick) !== undefined;
  }

  /** Runs windows until it is over, one at least. `isCorrected`: no note of a late event was left when the flush began. Throws StoreUnavailable. */
  async run(isOver: () => boolean, isCorrected: boolean): Promise<void> {
    do {
      const due = this.next();
      if (due.length === 0) return this.wait();
      await this.runTogether(due, isOver, isCorrected);
    } while (this.hasMore && !isOver());
  }

  /** The windows that come next, up to one that has to wait for partitions to be read. */
  private next(): Due[] {
    const { tick, rule, cursor } = this;
    const { graceMs, maxWaitMs } = tick.options;
    const grace = graceOf(rule.plan, graceMs);
    let { waitingSince } = cursor;
    const due: Due[] = [];
    const { frequencyMs } = rule.plan.schedule;
    const { first = 0, last = -1 } = dueStretch(rule, cursor, tick) ?? {};
    for (let end = first; end <= last && due.length < Math.min(MOST_TOGETHER, this.left); end += frequencyMs) {
      const isBehind = tick.watermark < end + grace;
      // After a window that was run incomplete, `waitingSince` stays: where a partition is stuck, the windows after it do not each wait for
      // `maxWaitMs` again.
      waitingSince = isBehind ? waitingSince || tick.now : 0;
      if (isBehind && tick.now - waitingSince < maxWaitMs) break;
      due.push({ end, isBehind, waitingSince });
    }
    return due;
  }

  private async wait(): Promise<void> {
    this.isWaiting = true;
    this.tick.counts.waiting++;
    if (this.cursor.waitingSince === 0) await this.write({ waitingSince: this.tick.now });
  }

  private async runTogether(due: readonly Due[], isOver: () => boolean, isCorrected: boolean): Promise<void> {
    const { tick, rule } = this;
    const { closingEnd, tries = 0, countedSince } = this.cursor;
    // Must be published before any state is read: whoever commits an event to one of these windows later sees it and leaves a note.
    const closing = { closingEnd: Math.max(closingEnd, due.at(-1)!.end), servedAt: tick.now, tries: tries + 1 };
    if (!(await this.write(closing))) return;
    const ends = due.map(({ end }) => end);
    const batch = await WindowBatch.open(tick, rule, ends);
    try {
      let passed: Due | undefined;
      for (const window of due) {
        const { end, isBehind } = window;
        this.left--;
        const attempted = await batch.runOrPass({ end, countedSince, isBehind, again: false });
        if (attempted === 'passed') {
          tick.counts.windows++;
          passed = window;
        } else if (attempted === 'done') {
          passed = undefined;
          if (!(await this.advance(window, isCorrected))) return;
        } else {
          // Another run of this window began after this one and may have read its state before these events: the next flush runs it again.
          this.isStopped = true;
          const before = passed ? 0 : tries;
          if (passed) await this.advance(passed, isCorrected);
          if (!this.isLost) await this.write({ tries: attempted === 'slow' ? before + 1 : before });
          return;
        }
        if (isOver()) break;
      }
      if (passed) await this.advance(passed, isCorrected);
    } finally {
      await batch.close();
    }
  }

  /** The window is given up, as if it had run. */
  async skip(end: number): Promise<void> {
    this.left--;
    await this.advance({ end, isBehind: true, waitingSince: this.cursor.waitingSince }, false);
  }

  /** Windows up to this one have run. */
  private advance({ end, waitingSince }: Due, isCorrected: boolean): Promise<boolean> {
    return this.write({
      ...keptFrom(this.cursor, end, this.tick, isCorrected),
      lastRunEnd: end,
      waitingSince,
      tries: 0,
    });
  }

  /** Returns false, and stops, where another flush has changed the cursor since. */
  private async write(change: Partial<RuleCursor>): Promise<boolean> {
    const { store, tables } = this.tick.options;
    const written = await writeCursor(store, tables.control, { ...this.cursor, ...change });
    if (written) this.cursor = written;
    else {
      this.isLost = true;
      this.isStopped = true;
    }
    return written !== undefined;
  }
}

/**
 * From when on windows are kept once those up to `end` (ms) have run: events enqueued up to the watermark have been committed and have left
 * their notes, and all notes are worked off.
 */
export function keptFrom(
  { windowsKeptFrom }: RuleCursor,
  end: number,
  { watermark, options }: Tick,
  isCorrected: boolean,
): Pick<RuleCursor, 'windowsKeptFrom'> {
  const kept = isCorrected ? Math.min(end, watermark) - options.maxLateMs : windowsKeptFrom;
  return { windowsKeptFrom: Math.max(windowsKeptFrom, kept) };
}
