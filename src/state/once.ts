/** An action that is done once, for all callers. After a failure, or `giveUp`, the next call begins it again. */
export class Once<T> {
  private done: Promise<T> | undefined;

  constructor(private readonly action: () => Promise<T>) {}

  get(): Promise<T> {
    if (this.done) return this.done;
    const done = this.action().catch((error: unknown) => {
      if (this.done === done) this.done = undefined;
      throw error;
    });
    this.done = done;
    return done;
  }

  /** The next call begins the action again and does not wait for one that is under way. */
  giveUp(): void {
    this.done = undefined;
  }
}
