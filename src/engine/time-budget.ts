/**
 * How long a flush may go on. Measured by the clock of the process and by its monotonic clock, whichever says more: a machine that slept has
 * less time left, not more.
 */
export class TimeBudget {
  private readonly began = Date.now();
  private readonly beganTick = performance.now();

  /** @param limitMs after so long nothing more is begun, and what is under way may go on for as long again */
  constructor(readonly limitMs: number) {}

  /** Since the flush began, ms. */
  elapsed(): number {
    return Math.max(Date.now() - this.began, performance.now() - this.beganTick);
  }

  get isSpent(): boolean {
    return this.elapsed() >= this.limitMs;
  }
}
