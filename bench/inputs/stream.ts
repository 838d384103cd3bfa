import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { generateSample } from '../../local/sample';
import { sharedPath } from './shared';

/** A stream of Sysmon, a row of Log Analytics' `Event` table a message. */
export interface Stream {
  /** Where it comes from, for the reader of the figures. */
  readonly name: string;
  readonly bodies: readonly Buffer[];
}

const REAL = ['data', 'sysmon-stream-20k.ndjson.gz'];
const MADE_AT = new Date('2026-03-14T15:09:26Z');

/** `most` rows of a recorded stream where it is there, else of generated hours: the same bytes on every machine. Fewer are spread over all of it. */
export function openStream(most: number): Stream {
  const path = sharedPath(...REAL);
  if (!path) return madeStream(most);
  const lines = linesOf(path);
  const step = Math.max(1, Math.floor(lines.length / most));
  return { name: `shared/${REAL.join('/')}`, bodies: lines.filter((_, i) => i % step === 0).slice(0, most) };
}

function linesOf(path: string): Buffer[] {
  const text = gunzipSync(readFileSync(path));
  const lines: Buffer[] = [];
  for (let from = 0; from < text.length; ) {
    const end = text.indexOf(10, from);
    const to = end < 0 ? text.length : end;
    // A copy: a slice would not be laid out as a message that came by itself.
    if (to > from) lines.push(Buffer.from(text.subarray(from, to)));
    from = to + 1;
  }
  return lines;
}

/** Hours of `local/sample`, one seed each. */
export function madeStream(most: number): Stream {
  const bodies: Buffer[] = [];
  for (let seed = 1; bodies.length < most; seed++) {
    for (const message of generateSample({ now: MADE_AT, seed }).messages) {
      const { records } = JSON.parse(message.toString()) as { records: unknown[] };
      for (const row of records) bodies.push(Buffer.from(JSON.stringify(row)));
    }
  }
  return { name: 'generated (local/sample)', bodies: bodies.slice(0, most) };
}

export const meanBytes = (bodies: readonly Buffer[]): number =>
  Math.round(bodies.reduce((sum, { length }) => sum + length, 0) / bodies.length);
