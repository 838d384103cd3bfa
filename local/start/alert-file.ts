import { open } from 'node:fs/promises';
import type { Alert } from '../../src/alerts/alert';

/** Follows the file that the `file` sink appends alerts to, one JSON line each. */
export class AlertFile {
  readonly #path: string;
  #read = 0;
  #rest: Buffer = Buffer.alloc(0);

  constructor(path: string) {
    this.#path = path;
  }

  /** Alerts since the last call. A line that is still being written comes with a later call. */
  async next(): Promise<Alert[]> {
    const text = await this.#newLines();
    return text
      .split('\n')
      .filter((line) => line.trim() !== '')
      .map((line) => JSON.parse(line) as Alert);
  }

  async #newLines(): Promise<string> {
    const file = await open(this.#path, 'a+');
    try {
      const { size } = await file.stat();
      const fresh = Buffer.alloc(Math.max(0, size - this.#read));
      const { bytesRead } = await file.read(fresh, 0, fresh.length, this.#read);
      this.#read += bytesRead;
      const all = Buffer.concat([this.#rest, fresh.subarray(0, bytesRead)]);
      const end = all.lastIndexOf(0x0a) + 1;
      this.#rest = all.subarray(end);
      return all.subarray(0, end).toString('utf8');
    } finally {
      await file.close();
    }
  }
}
