import { createReadStream, existsSync, statSync } from 'node:fs';
import type { Readable } from 'node:stream';
import { BlobInput, type BlobPlace, blobPlace, isBlobPlace, type TimeRange } from './blobs';
import { note, UsageError } from './output';

const READ_AT_ONCE = 1024 * 1024;

interface Remote {
  readonly size: number;
  open(): Promise<Readable>;
}

/** Blobs that this run of the command reads, by the address that they are called by; and the times that are asked for. */
const remotes = new Map<string, Remote>();
let wanted: TimeRange = {};

export interface RangeFlags {
  readonly from?: string;
  readonly to?: string;
}

/** The times of `--from` and `--to`. Throws UsageError. */
export function rangeOf({ from, to }: RangeFlags): TimeRange {
  const time = (flag: string, text: string | undefined): number | undefined => {
    if (text === undefined) return undefined;
    const ms = Date.parse(
      /^\d{4}-\d{2}-\d{2}([T ][\d:.]+)?$/.test(text) ? `${text.replace(' ', 'T')}${text.length > 10 ? 'Z' : ''}` : text,
    );
    if (Number.isNaN(ms))
      throw new UsageError(`--${flag} ${text}: must be a time such as 2026-03-14 or 2026-03-14T15:00:00Z`);
    return ms;
  };
  const range = { from: time('from', from), to: time('to', to) };
  if (range.from !== undefined && range.to !== undefined && range.from >= range.to)
    throw new UsageError('--from must be before --to');
  return range;
}

/**
 * Files that inputs stand for: a place in a storage account for each of its blobs that may hold events of the range, others for themselves.
 * Throws UsageError for a file that is not there, and for a place without blobs.
 */
export async function expandInputs(inputs: readonly string[], range: TimeRange): Promise<string[]> {
  wanted = range;
  const files: string[] = [];
  for (const input of inputs) {
    if (!isBlobPlace(input)) {
      if (input !== '-' && !existsSync(input)) throw new UsageError(`--input: there is no file ${input}`);
      files.push(input);
    } else files.push(...(await blobsOf(input, range)));
  }
  return files;
}

async function blobsOf(input: string, range: TimeRange): Promise<string[]> {
  const place = blobPlace(input);
  const source = new BlobInput(place);
  let found: Awaited<ReturnType<BlobInput['find']>>;
  try {
    found = await source.find(range);
  } catch (error) {
    throw new Error(`${addressOf(place, place.prefix)}: ${(error as Error).message.split('\n')[0]}`, { cause: error });
  }
  if (found.length === 0)
    throw new UsageError(`--input ${addressOf(place, place.prefix)}: there is no blob of these times`);
  const bytes = found.reduce((sum, { size }) => sum + size, 0);
  note(`${addressOf(place, place.prefix)}: ${found.length} blob(s), ${(bytes / 1024 / 1024).toFixed(1)} MiB`);
  return found.map(({ name, size }) => {
    const address = addressOf(place, name);
    remotes.set(address, { size, open: () => source.open(name) });
    return address;
  });
}

/** Without the signature, which is a secret. */
const addressOf = ({ account, container }: BlobPlace, name: string): string => `${account}/${container}/${name}`;

export const isRemote = (file: string): boolean => remotes.has(file);

/** Bytes of a file or blob as it lies; 0 where there is none. */
export const sizeOf = (file: string): number =>
  remotes.get(file)?.size ?? statSync(file, { throwIfNoEntry: false })?.size ?? 0;

/** The bytes of an input, as they lie. */
export async function openSource(file: string): Promise<Readable> {
  const remote = remotes.get(file);
  if (remote) return remote.open();
  return file === '-' ? process.stdin : createReadStream(file, { highWaterMark: READ_AT_ONCE });
}

/** Whether a message of this enqueued time (ms) is asked for; one whose time is not known is. */
export const isWanted = (ms: number | undefined): boolean =>
  ms === undefined || (ms >= (wanted.from ?? Number.NEGATIVE_INFINITY) && ms < (wanted.to ?? Number.POSITIVE_INFINITY));
