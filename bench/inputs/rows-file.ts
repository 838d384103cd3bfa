import { closeSync, openSync, writeSync } from 'node:fs';
import { madeStream, openStream } from './stream';

/** Events of a generated hour, some of which the rule DCOM finds. */
const HOUR = 4_008;

/**
 * Writes `count` rows to an NDJSON file: those of the stream, over and over, and at the end a generated hour, so that there is something to find. Gives where they come
 * from, and the bytes written.
 */
export function writeRows(path: string, count: number): { readonly name: string; readonly bytes: number } {
  const { name, bodies } = openStream(count);
  const lines = (rows: readonly Buffer[]): Buffer => Buffer.concat(rows.flatMap((row) => [row, Buffer.from('\n')]));
  const once = lines(bodies);
  const file = openSync(path, 'w');
  let bytes = 0;
  try {
    let left = Math.max(0, count - HOUR);
    for (; left >= bodies.length; left -= bodies.length) bytes += writeSync(file, once);
    bytes += writeSync(file, lines(bodies.slice(0, left)));
    bytes += writeSync(file, lines(madeStream(Math.min(count, HOUR)).bodies));
  } finally {
    closeSync(file);
  }
  return { name: `${name}, and an hour of local/sample`, bytes };
}
