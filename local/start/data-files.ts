import { createReadStream, existsSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { createGunzip } from 'node:zlib';

/** Checks that the files are there and are lines of JSON, by name. Throws an Error with what to do otherwise. */
export function checkDataFiles(files: readonly string[]): void {
  for (const file of files) {
    if (!existsSync(file)) throw new Error(`--data ${file}: there is no such file`);
    if (!/\.(ndjson|jsonl|json)(\.gz)?$/i.test(file)) {
      throw new Error(
        `--data ${file}: must be lines of JSON (.ndjson, .jsonl or .json, also .gz); 'outrider run' reads other kinds`,
      );
    }
  }
}

/** The lines of the files, in order, each the body of a hub message; empty lines are left out. */
export async function* readDataFiles(files: readonly string[]): AsyncGenerator<Buffer> {
  for (const file of files) {
    const raw = createReadStream(file);
    const input = /\.gz$/i.test(file) ? raw.pipe(createGunzip()) : raw;
    raw.on('error', (error) => input.destroy(error));
    for await (const line of createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY })) {
      if (line.trim() !== '') yield Buffer.from(line, 'utf8');
    }
  }
}
