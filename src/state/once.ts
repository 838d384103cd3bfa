/** An action that is done once, for all who wait for it. One that failed, or was given up, is done anew by the next to ask. */
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

  /** The next to ask does not wait for what is under way. */
  giveUp(): void {
    this.done = undefined;
  }
}
