import { createReadStream } from 'node:fs';
import type { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { evtxEvents } from '../evtx/file';
import { isJson } from './is-json';
import { note } from './output';

/** Largest input that is not lines of JSON and so must be held whole, bytes. */
const MAX_WHOLE = 512 * 1024 * 1024;
/** A hub takes messages of 1 MiB. */
const MAX_LINE = 64 * 1024 * 1024;
const MAX_EVTX_PROBLEMS = 20;

function open(file: string): Readable {
  const raw: Readable = file === '-' ? process.stdin : createReadStream(file);
  if (!/\.gz$/i.test(file)) return raw;
  const gunzip = createGunzip();
  raw.on('error', (error) => gunzip.destroy(error));
  return raw.pipe(gunzip);
}

/**
 * Bodies of hub messages from a file: each line of NDJSON, each event of an EVTX file as XML, or the whole of a JSON or XML document.
 * `-` is standard input; `.gz` is unpacked. What cannot be read of an event log goes to `onProblem`, or else to standard error.
 */
export async function* messageBodies(file: string, onProblem?: (problem: string) => void): AsyncGenerator<Buffer> {
  const stream = open(file);
  const name = file.replace(/\.gz$/i, '');
  if (/\.evtx$/i.test(name)) {
    yield* evtx(file, stream, onProblem ?? ((problem) => note(`${file}: ${problem}`)));
    return;
  }
  if (/\.(ndjson|jsonl|log)$/i.test(name)) {
    yield* lines(file, stream);
    return;
  }
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of stream) {
    chunks.push(chunk as Buffer);
    size += (chunk as Buffer).length;
    if (size > MAX_WHOLE)
      throw new Error(`${file}: larger than ${MAX_WHOLE >> 20} MiB; give it as .ndjson, one event a line`);
  }
  const whole = Buffer.concat(chunks);
  const first = whole
    .subarray(0, Math.max(0, whole.indexOf(10)))
    .toString('utf8')
    .trim();
  if (/^[{[].*[}\]]$/s.test(first) && isJson(first)) {
    for (const line of whole.toString('utf8').split('\n')) if (line.trim() !== '') yield Buffer.from(line);
  } else if (whole.length > 0) yield whole;
}

/** What cannot be read of an event log is said, a bounded number of times, and counted. */
async function* evtx(file: string, stream: Readable, onProblem: (problem: string) => void): AsyncGenerator<Buffer> {
  let problems = 0;
  try {
    for await (const item of evtxEvents(stream)) {
      if ('xml' in item) yield Buffer.from(item.xml);
      else if (++problems <= MAX_EVTX_PROBLEMS) onProblem(item.problem);
    }
  } catch (error) {
    throw new Error(`${file}: ${(error as Error).message}`);
  }
  if (problems > MAX_EVTX_PROBLEMS) onProblem(`${problems - MAX_EVTX_PROBLEMS} more problems`);
}

/** Lines that are not blank, as they are: only a line feed ends one, for JSON may hold every other separator. */
async function* lines(file: string, stream: Readable): AsyncGenerator<Buffer> {
  let parts: Buffer[] = [];
  let size = 0;
  const take = (last: Buffer): Buffer | undefined => {
    const line = parts.length === 0 ? last : Buffer.concat([...parts, last]);
    parts = [];
    size = 0;
    return line.some((byte) => byte > 0x20) ? (line.at(-1) === 0x0d ? line.subarray(0, -1) : line) : undefined;
  };
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    let from = 0;
    for (let end = chunk.indexOf(10); end >= 0; end = chunk.indexOf(10, from)) {
      const line = take(chunk.subarray(from, end));
      from = end + 1;
      if (line) yield line;
    }
    if (from === chunk.length) continue;
    parts.push(chunk.subarray(from));
    size += chunk.length - from;
    if (size > MAX_LINE) throw new Error(`${file}: a line is longer than ${MAX_LINE >> 20} MiB`);
  }
  const line = take(Buffer.alloc(0));
  if (line) yield line;
}
