import { closeSync, openSync, writeSync } from 'node:fs';
import { openStream } from './stream';

/** Writes `count` rows of the stream to an NDJSON file, over and over. Gives where they come from, and the bytes written. */
export function writeRows(path: string, count: number): { readonly name: string; readonly bytes: number } {
  const { name, bodies } = openStream(count);
  const once = Buffer.concat(bodies.flatMap((body) => [body, Buffer.from('\n')]));
  const file = openSync(path, 'w');
  let bytes = 0;
  try {
    let left = count;
    for (; left >= bodies.length; left -= bodies.length) bytes += writeSync(file, once);
    for (const body of bodies.slice(0, left)) bytes += writeSync(file, Buffer.concat([body, Buffer.from('\n')]));
  } finally {
    closeSync(file);
  }
  return { name, bytes };
}
