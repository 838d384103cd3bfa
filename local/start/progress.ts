import { printable } from '../../src/alerts/print';
import { terminalText } from '../../src/alerts/terminal';

/** Progress on stderr: one line that is rewritten on a terminal, otherwise a line at most every two seconds. */
export class Progress {
  readonly #out: NodeJS.WriteStream;
  #lastLine = '';
  #lastTime = 0;

  constructor(out: NodeJS.WriteStream = process.stderr) {
    this.#out = out;
  }

  update(text: string): void {
    const line = printable(text, 1_000);
    if (line === this.#lastLine) return;
    if (this.#out.isTTY) {
      this.#out.write(`\r\x1b[2K${line.slice(0, (this.#out.columns ?? 80) - 1)}`);
    } else {
      const now = Date.now();
      if (now - this.#lastTime < 2000) return;
      this.#lastTime = now;
      this.#out.write(`${line}\n`);
    }
    this.#lastLine = line;
  }

  /** A line that stays. */
  done(text: string): void {
    const line = terminalText(text);
    this.#out.write(this.#out.isTTY ? `\r\x1b[2K${line}\n` : `${line}\n`);
    this.#lastLine = '';
    this.#lastTime = 0;
  }
}
