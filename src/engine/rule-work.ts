import { graceOf } from '../plan/grace';
import { isOutage } from '../state/errors';
import { Corrections } from './corrections';
import { DueWindows, dueStretch, keptFrom, type Stretch } from './due-windows';
import type { LatePane } from './late-notes';
import { type RuleCursor, readCursor, writeCursor } from './rule-cursor';
import type { EngineRule } from './rules';
import type { Tick } from './tick';
import { attempt, giveUp, keyOf, tellFailed } from './window-attempt';
import { windowRuntime } from './window-state';
import { WindowTime } from './window-time';

/** How long a turn of a rule is while others wait, ms. */
const TURN_MS = 15_000;
/** Runs that were begun one after the other and came to no end, from which on a rule is run after all others, alone. */
const SUSPECT = 2;
/** … and after which a window is given up. */
const MOST_TRIES = 12;

const GIVEN_UP = `its run was begun ${MOST_TRIES} times and came to no end: it took too long, or ended the process`;

/** What there is to be done for a rule. */
export interface Duty {
  readonly rule: EngineRule;
  /** As it was read after the notes; undefined in a replay. */
  readonly cursor: RuleCursor | undefined;
  readonly notes: readonly LatePane[];
  /** These are all notes. */
  readonly isWhole: boolean;
  readonly isDue: boolean;
  readonly isEarly: boolean;
}

/** The work on one rule in one flush: corrections, then windows that are due, then those that alert early. */
export class RuleWork {
  private readonly corrections: Corrections;
  private readonly due: DueWindows | undefined;
  private isEarly: boolean;
  private isLost = false;

  constructor(
    private readonly tick: Tick,
    private readonly duty: Duty,
  ) {
    const { rule, cursor, notes, isDue, isEarly } = duty;
    this.corrections = new Corrections(tick, rule, cursor, notes);
    if (cursor && (isDue || notes.length > 0)) this.due = new DueWindows(tick, rule, cursor);
    this.isEarly = isEarly;
  }

  get ruleId(): string {
    return this.duty.rule.plan.rule.id;
  }

  /** When the rule was served last, ms: who has waited longest comes first. */
  get servedAt(): number {
    const { rule, cursor } = this.duty;
    if (!cursor) return 0;
    return Math.max(cursor.servedAt ?? 0, cursor.lastRunEnd + graceOf(rule.plan, this.tick.options.graceMs));
  }

  /** Whether the last runs for it came to no end: they may have ended their process. */
  get isSuspect(): boolean {
    const { tries = 0, correctionTries = 0 } = this.duty.cursor ?? {};
    return Math.max(tries, correctionTries) >= SUSPECT;
  }

  /** Whether work is left, for this flush or another. */
  get isUnfinished(): boolean {
    return this.corrections.isUnfinished || (this.duty.isDue && (this.due?.isUnfinished ?? false));
  }

  private get hasMore(): boolean {
    return !this.isLost && (this.corrections.hasMore || (this.duty.isDue && (this.due?.hasMore ?? false)));
  }

  /** Works on the rule for a while. Returns whether there is more for this flush. Throws StoreUnavailable. */
  async turn(othersWait: () => boolean): Promise<boolean> {
    const { budget } = this.tick;
    const half = (): (() => boolean) => {
      const began = budget.elapsed();
      return () => budget.isSpent || (othersWait() && budget.elapsed() - began > TURN_MS / 2);
    };
    // Corrections come first, since an alert of an older window may suppress those after it; but windows that were due when the rule was
    // served last, and are still, do not wait for them once more.
    const steps = [
      { run: () => this.correct(half()), isWanted: () => this.corrections.hasMore },
      { run: () => this.close(half()), isWanted: () => this.duty.isDue },
    ];
    if (this.isLeftBehind()) steps.reverse();
    // A turn that was begun does something, also where no time is left.
    const isFirst = steps[0]!.isWanted();
    await steps[0]!.run();
    if (!isFirst || !budget.isSpent) await steps[1]!.run();
    if (this.hasMore) return true;
    if (this.isEarly && !this.isLost && !budget.isSpent) await this.alertEarly();
    return false;
  }

  private isLeftBehind(): boolean {
    const { tick, duty, due } = this;
    // Begun, and cut off: it had its turn.
    if (due?.cursor.tries) return false;
    const { first } = (due && duty.isDue && dueStretch(duty.rule, due.cursor, tick)) || {};
    if (first === undefined) return false;
    return first + graceOf(duty.rule.plan, tick.options.graceMs) <= (duty.cursor?.servedAt ?? 0);
  }

  /** Runs windows again that had run when late events came to them. */
  private async correct(isOver: () => boolean): Promise<void> {
    const { tick, duty, corrections, due } = this;
    if (duty.notes.length === 0 || corrections.isDone || this.isLost) return;
    const tries = due?.cursor.correctionTries ?? 0;
    const { next } = corrections;
    if (next !== undefined) {
      if (!(await this.note({ servedAt: tick.now, correctionTries: tries + 1 }))) return;
      if (tries >= MOST_TRIES) {
        await this.tellGivenUp(next);
        corrections.skip(next);
      }
    }
    try {
      const allEnded = await corrections.run(isOver);
      if (!due) return;
      const ended = allEnded && next !== undefined ? { correctionTries: 0 } : {};
      const kept = keptFrom(due.cursor, due.cursor.lastRunEnd, tick, corrections.isDone && duty.isWhole);
      await this.note({ ...ended, ...kept, correctedTo: corrections.position });
    } catch (error) {
      if (isOutage(error)) await this.giveBack({ correctionTries: tries });
      throw error;
    }
  }

  /** Runs windows that are due. */
  private async close(isOver: () => boolean): Promise<void> {
    const { duty, due, corrections } = this;
    if (!due?.hasMore || !duty.isDue || this.isLost) return;
    const { tries = 0 } = due.cursor;
    const { first } = dueStretch(duty.rule, due.cursor, this.tick) ?? {};
    if (tries >= MOST_TRIES && first !== undefined) {
      await this.tellGivenUp(first);
      await due.skip(first);
    }
    try {
      await due.run(isOver, corrections.isDone && duty.isWhole);
    } catch (error) {
      if (isOutage(error) && (due.cursor.tries ?? 0) > tries) await this.giveBack({ tries });
      throw error;
    }
  }

  private async tellGivenUp(end: number): Promise<void> {
    this.tick.counts.failed++;
    tellFailed(this.tick, this.duty.rule, end, GIVEN_UP);
    await giveUp(this.tick, this.duty.rule, end, GIVEN_UP);
  }

  /** A run that the store cut off says nothing against its window. */
  private async giveBack(tries: Partial<RuleCursor>): Promise<void> {
    try {
      await this.note(tries);
    } catch (error) {
      if (!isOutage(error)) throw error;
    }
  }

  /** Changes the cursor. Returns false, and leaves the rule, where another flush has changed it since. */
  private async note(change: Partial<RuleCursor>): Promise<boolean> {
    const { due, tick } = this;
    if (!due) return true;
    const isSame = Object.entries(change).every(([name, value]) => due.cursor[name as keyof RuleCursor] === value);
    if (isSame) return true;
    const written = await writeCursor(tick.options.store, tick.options.tables.control, { ...due.cursor, ...change });
    if (written) due.cursor = written;
    else this.isLost = true;
    return written !== undefined;
  }

  /**
   * Windows that are still open, for a rule whose result more events can only add to: an alert is sent within a tick of its match, and
   * revised when the window closes.
   */
  private async alertEarly(): Promise<void> {
    const { tick, duty } = this;
    const { rule } = duty;
    this.isEarly = false;
    const cursor = await readCursor(tick.options.store, tick.options.tables.control, keyOf(rule));
    if (!cursor) return;
    const { first = 0, last = -1 } = openStretch(rule, cursor, tick) ?? {};
    for (let end = first; end <= last; end += rule.plan.schedule.frequencyMs) {
      const time = new WindowTime(tick.budget, tick.gate);
      const state = () => windowRuntime(rule, tick.options, end, time);
      try {
        const { countedSince } = cursor;
        await attempt(tick, rule, { end, countedSince, isBehind: true, again: false, state }, time);
      } finally {
        time.release();
      }
    }
  }
}

/** The windows of a lineage that are still open, those that are due left out; undefined where there is none. */
export function openStretch(rule: EngineRule, cursor: RuleCursor, { options, now }: Tick): Stretch | undefined {
  const { frequencyMs } = rule.plan.schedule;
  const { lastRunEnd, ownsUntil } = cursor;
  const notDue = (Math.floor((now - graceOf(rule.plan, options.graceMs)) / frequencyMs) + 1) * frequencyMs;
  const first = Math.max(lastRunEnd + frequencyMs, notDue);
  const before = Math.min(now + frequencyMs, ownsUntil === 0 ? Infinity : ownsUntil);
  if (first >= before) return undefined;
  return { first, last: first + Math.floor((before - 1 - first) / frequencyMs) * frequencyMs };
}
