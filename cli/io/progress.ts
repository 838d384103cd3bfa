/** How often a line of progress is written again, ms. */
const INTERVAL = 100;

/** One line on standard error that is written over again and again; nothing where that is no terminal. */
export class Progress {
  private readonly isShown = process.stderr.isTTY === true;
  private at = Number.NEGATIVE_INFINITY;

  show(text: string): void {
    if (!this.isShown) return;
    const now = performance.now();
    if (now - this.at < INTERVAL) return;
    this.at = now;
    process.stderr.write(`\r\u001b[K${text}`);
  }

  clear(): void {
    if (!this.isShown || this.at === Number.NEGATIVE_INFINITY) return;
    this.at = Number.NEGATIVE_INFINITY;
    process.stderr.write('\r\u001b[K');
  }
}
