import { mkdir, open } from 'node:fs/promises';
import { dirname } from 'node:path';
import { jsonLine } from '../terminal';
import type { AlertJson, Sink } from './sink';

export interface JsonLinesSettings {
  readonly name?: string;
  /** A file, or `-` for the standard output. */
  readonly path: string;
}

/**
 * Appends one line of JSON an alert. A file is flushed to the disk before the alerts count as sent; a line that a crash
 * left unfinished is ended first, so that it spoils no other.
 */
export function openJsonLinesSink({ name = 'json-lines', path }: JsonLinesSettings): Sink {
  const isFile = path !== '-';
  const write = isFile ? (lines: string) => appendTo(path, lines) : toStandardOutput;
  const lineOf = isFile ? (alert: AlertJson) => JSON.stringify(alert) : jsonLine;
  return {
    name,
    async send(alerts: readonly AlertJson[]) {
      if (alerts.length > 0) await write(alerts.map((alert) => `${lineOf(alert)}\n`).join(''));
      return { failed: [] };
    },
  };
}

function toStandardOutput(lines: string): Promise<void> {
  return new Promise((resolve, reject) => {
    process.stdout.write(lines, (error) => (error ? reject(error) : resolve()));
  });
}

async function appendTo(path: string, lines: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  const file = await open(path, 'a+');
  try {
    const { size } = await file.stat();
    const last = Buffer.alloc(1);
    if (size > 0) await file.read(last, 0, 1, size - 1);
    const unfinished = size > 0 && last[0] !== 0x0a;
    await file.appendFile(unfinished ? `\n${lines}` : lines);
    await file.datasync();
  } finally {
    await file.close();
  }
}
