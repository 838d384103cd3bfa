/**
 * Windows that run side by side share the memory of the process: each may hold a little, and only one at a time more than that.
 */
export class MemoryGate {
  private last: Promise<void> = Promise.resolve();

  /** @param share characters that each may hold */
  constructor(readonly share: number) {}

  /** Waits until no other holds more than its share. Returns what lets the next one through. */
  async enter(): Promise<() => void> {
    const before = this.last;
    let leave = (): void => undefined;
    this.last = new Promise((resolve) => {
      leave = resolve;
    });
    await before;
    return leave;
  }
}

/** What one run holds. */
export class MemoryShare {
  private held = 0;
  private leave: (() => void) | undefined;

  constructor(private readonly gate: MemoryGate) {}

  /** Before so many characters more are held. */
  async take(characters: number): Promise<void> {
    this.held += characters;
    if (this.held > this.gate.share && !this.leave) this.leave = await this.gate.enter();
  }

  /** Nothing is held any more. */
  release(): void {
    this.held = 0;
    this.leave?.();
    this.leave = undefined;
  }
}
