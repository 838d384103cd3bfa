import type { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { evtxEvents } from '../evtx/file';
import { lineBlocks, linesOf } from './byte-lines';
import { isJson } from './is-json';
import { note } from './output';
import { isWanted, openSource } from './sources';

/** Largest input that is not lines of JSON and so must be held whole, bytes. */
const MAX_WHOLE = 512 * 1024 * 1024;
const MAX_PROBLEMS = 20;
/** Of a stream that is cut into blocks of lines, bytes. */
export const BLOCK = 4 * 1024 * 1024;
const READ_AT_ONCE = 1024 * 1024;

const nameOf = (file: string): string => file.replace(/\.gz$/i, '');
/** By its name, a file of lines, each a message; exports by the hour are so too. */
export const isLines = (file: string): boolean => /(\.(ndjson|jsonl|log)|\/PT1H\.json)$/i.test(nameOf(file));

async function open(file: string): Promise<Readable> {
  const raw = await openSource(file);
  if (!/\.gz$/i.test(file)) return raw;
  const gunzip = createGunzip({ chunkSize: READ_AT_ONCE });
  raw.on('error', (error) => gunzip.destroy(error));
  return raw.pipe(gunzip);
}

/** Takes what cannot be read of a part of a file. */
export type OnProblem = (problem: string) => void;

const noted =
  (file: string): OnProblem =>
  (problem) =>
    note(`${file}: ${problem}`);

/** Bytes of whole lines, each a message, or messages by themselves. */
export type InputBlock = { readonly lines: Buffer } | { readonly bodies: readonly Buffer[] };

/** The bodies of messages of a block. */
export const bodiesIn = (block: InputBlock): readonly Buffer[] =>
  'lines' in block ? linesOf(block.lines) : block.bodies;

/**
 * What is in a file, in blocks of some MB: lines of NDJSON, events of an EVTX file as XML, messages of a Capture file (Avro), or the whole of a JSON or XML document. `-` is
 * standard input; `.gz` is unpacked. Throws Error, with the file's name, for what cannot be read.
 */
export async function* inputBlocks(file: string, onProblem: OnProblem = noted(file)): AsyncGenerator<InputBlock> {
  try {
    yield* blocksOf(file, await open(file), onProblem);
  } catch (error) {
    const { message } = error as Error;
    throw new Error(message.startsWith(`${file}: `) ? message : `${file}: ${message}`, { cause: error });
  }
}

async function* blocksOf(file: string, stream: Readable, onProblem: OnProblem): AsyncGenerator<InputBlock> {
  if (/\.evtx$/i.test(nameOf(file))) {
    yield* evtx(stream, onProblem);
    return;
  }
  if (/\.avro$/i.test(nameOf(file))) {
    yield* captured(stream, onProblem);
    return;
  }
  if (isLines(file)) {
    for await (const lines of lineBlocks(stream, BLOCK)) yield { lines };
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
  if (/^[{[].*[}\]]$/s.test(first) && isJson(first)) yield { lines: whole };
  else if (whole.length > 0) yield { bodies: [whole] };
}

/** Bodies of hub messages from a file, one by one. What cannot be read of it goes to `onProblem`, or else to standard error. */
export async function* messageBodies(file: string, onProblem?: OnProblem): AsyncGenerator<Buffer> {
  for await (const block of inputBlocks(file, onProblem)) yield* bodiesIn(block);
}

/** What cannot be read of an event log is said, a bounded number of times, and counted. */
async function* evtx(stream: Readable, onProblem: OnProblem): AsyncGenerator<InputBlock> {
  async function* items(): AsyncGenerator<Item> {
    for await (const item of evtxEvents(stream)) yield 'xml' in item ? { body: Buffer.from(item.xml) } : item;
  }
  yield* inBlocks(items(), onProblem);
}

/** As of an event log; messages that were enqueued at other times than those asked for are left out. */
async function* captured(stream: Readable, onProblem: OnProblem): AsyncGenerator<InputBlock> {
  const { capturedMessages } = await import('./avro');
  async function* items(): AsyncGenerator<Item> {
    for await (const item of capturedMessages(stream)) {
      if ('problem' in item) yield item;
      else if (isWanted(item.message.enqueuedTime)) yield { body: item.message.body };
    }
  }
  yield* inBlocks(items(), onProblem);
}

type Item = { readonly body: Buffer } | { readonly problem: string };

async function* inBlocks(items: AsyncIterable<Item>, onProblem: OnProblem): AsyncGenerator<InputBlock> {
  let problems = 0;
  let bodies: Buffer[] = [];
  let size = 0;
  for await (const item of items) {
    if ('problem' in item) {
      if (++problems <= MAX_PROBLEMS) onProblem(item.problem);
      continue;
    }
    bodies.push(item.body);
    size += item.body.length;
    if (size < BLOCK) continue;
    yield { bodies };
    bodies = [];
    size = 0;
  }
  if (bodies.length > 0) yield { bodies };
  if (problems > MAX_PROBLEMS) onProblem(`${problems - MAX_PROBLEMS} more problems`);
}
