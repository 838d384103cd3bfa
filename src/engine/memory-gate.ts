/**
 * Windows that run side by side share the memory of the process: each may hold a little, and only one at a time more than that.
 */
export class MemoryGate {
  private last: Promise<void> = Promise.resolve();
  /** Those that hold more than their share, or wait to. */
  private inside = 0;

  /** @param share characters that each may hold */
  constructor(readonly share: number) {}

  /** Waits until no other holds more than its share. Returns what lets the next one through, and whether another had to finish first. */
  async enter(): Promise<{ leave: () => void; hasWaited: boolean }> {
    const before = this.last;
    const hasWaited = this.inside > 0;
    this.inside++;
    let leave = (): void => undefined;
    this.last = new Promise((resolve) => {
      leave = () => {
        this.inside--;
        resolve();
      };
    });
    await before;
    return { leave, hasWaited };
  }
}

/** What one run holds. */
export class MemoryShare {
  private held = 0;
  private leave: (() => void) | undefined;

  constructor(private readonly gate: MemoryGate) {}

  /** Before so many characters more are held. Returns whether others had to finish first. */
  async take(characters: number): Promise<boolean> {
    this.held += characters;
    if (this.held <= this.gate.share || this.leave) return false;
    const { leave, hasWaited } = await this.gate.enter();
    this.leave = leave;
    return hasWaited;
  }

  /** Nothing is held any more. */
  release(): void {
    this.held = 0;
    this.leave?.();
    this.leave = undefined;
  }
}
