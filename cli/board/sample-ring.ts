/** The last messages that were sent, in bounded memory: something to try queries and rules on. */
export class SampleRing {
  private readonly kept: { readonly at: number; readonly body: Uint8Array }[] = [];
  private bytes = 0;
  /** Where the oldest is: the front is cut off now and then, not with every message. */
  private first = 0;

  constructor(
    private readonly limits = { messages: 50_000, bytes: 48 * 1024 * 1024, ms: 30 * 60_000 },
    private readonly now: () => number = Date.now,
  ) {}

  add(body: Uint8Array): void {
    this.kept.push({ at: this.now(), body });
    this.bytes += body.length;
    this.trim();
  }

  bodies(): readonly Uint8Array[] {
    this.trim();
    return this.kept.slice(this.first).map(({ body }) => body);
  }

  private trim(): void {
    const { messages, bytes, ms } = this.limits;
    const oldest = this.now() - ms;
    while (this.first < this.kept.length) {
      const { at, body } = this.kept[this.first]!;
      if (this.kept.length - this.first <= messages && this.bytes <= bytes && at >= oldest) break;
      this.bytes -= body.length;
      this.first++;
    }
    if (this.first > 1_000 && this.first * 2 > this.kept.length) this.kept.splice(0, this.first);
    else return;
    this.first = 0;
  }
}
