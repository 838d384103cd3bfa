import { KqlError } from '../kql';
import type { MemoryGate } from './memory-gate';
import { MemoryShare } from './memory-gate';
import type { TimeBudget } from './time-budget';

/** A run of a window took longer than a flush may give it. */
export class WindowTooSlow extends KqlError {
  constructor(ms: number) {
    super(
      'run',
      `the window took longer than ${Math.round(ms / 1000)} s: its state is too large, or the store too slow`,
    );
    this.name = 'WindowTooSlow';
  }
}

/** No time is left to begin with what was about to be done: the next flush does it. */
export class NotNow extends Error {}

/** No request takes longer, ms: what is beyond was taken by others that ran beside, or by a clock that jumped. */
const LONGEST_STEP = 30_000;

/** What the runs of one rule may take: time for each, and memory beside those of other rules. */
export class WindowTime {
  private readonly memory: MemoryShare;
  private taken = 0;
  private at = 0;

  constructor(
    private readonly budget: TimeBudget,
    gate: MemoryGate,
  ) {
    this.memory = new MemoryShare(gate);
  }

  /** A run begins. */
  begin(): void {
    this.taken = 0;
    this.at = this.budget.elapsed();
  }

  /** Called after every step of the run. Throws WindowTooSlow where it has taken too long. */
  check(): void {
    const now = this.budget.elapsed();
    this.taken += Math.min(now - this.at, LONGEST_STEP);
    this.at = now;
    if (this.taken > this.budget.limitMs) throw new WindowTooSlow(this.budget.limitMs);
  }

  /** Before the run holds so many characters more. Others may have to finish first; that is none of its own time. Throws NotNow. */
  async hold(characters: number): Promise<void> {
    const before = this.budget.elapsed();
    if (!(await this.memory.take(characters))) return;
    this.at += this.budget.elapsed() - before;
    if (this.budget.isSpent) throw new NotNow();
  }

  /** Nothing is held any more. */
  release(): void {
    this.memory.release();
  }
}
