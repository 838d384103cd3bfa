import type { Readable } from 'node:stream';
import type { BlobServiceClient, ContainerClient } from '@azure/storage-blob';
import { openCredential } from '../../src/host/credential';
import { UsageError } from './output';

/** Part of an account: what lies in a container under a prefix. */
export interface BlobPlace {
  readonly account: string;
  readonly container: string;
  readonly prefix: string;
  /** The query of a shared access signature, or ''. */
  readonly signature: string;
}

export interface FoundBlob {
  readonly name: string;
  readonly size: number;
  readonly lastModified: number;
}

/** Times of events, ms since 1970: from, inclusive, and to, exclusive. */
export interface TimeRange {
  readonly from?: number;
  readonly to?: number;
}

/** Downloads that break are taken up where they broke, so many times. */
const RESUMES = 20;
const MINUTE = 60_000;
/** Longest time that a Capture file covers, which its name says the beginning of. */
const CAPTURE_WINDOW = 15 * MINUTE;

export const isBlobPlace = (input: string): boolean => /^https?:\/\//i.test(input);

/**
 * `https://ACCOUNT.blob.core.windows.net/CONTAINER/PREFIX`, or of a local emulator `http://127.0.0.1:10000/ACCOUNT/CONTAINER/PREFIX`.
 * Throws UsageError.
 */
export function blobPlace(input: string): BlobPlace {
  let url: URL;
  try {
    url = new URL(input);
  } catch {
    throw new UsageError(`--input ${input}: it is no address`);
  }
  const isEmulator = url.hostname === '127.0.0.1' || url.hostname === 'localhost';
  if (url.protocol !== 'https:' && !isEmulator) throw new UsageError(`--input ${input}: blobs are read over https`);
  const parts = url.pathname
    .split('/')
    .filter((part, i) => i > 0 || part !== '')
    .map(decodeURIComponent);
  const own = isEmulator ? parts.splice(0, 1) : [];
  const [container, ...rest] = parts;
  if (!container)
    throw new UsageError(`--input ${input}: the address must name a container, and may go on with a prefix`);
  const account = `${url.origin}${own.length > 0 ? `/${own[0]}` : ''}`;
  return { account, container, prefix: rest.join('/'), signature: url.search };
}

/** Blobs of a place. With the identity of the environment, unless the address is signed or `AZURE_STORAGE_CONNECTION_STRING` names its account. */
export class BlobInput {
  private client: Promise<ContainerClient> | undefined;

  constructor(private readonly place: BlobPlace) {}

  /** The blobs that may hold events of a time range, by name. */
  async find(range: TimeRange): Promise<FoundBlob[]> {
    const { prefix } = this.place;
    const found: FoundBlob[] = [];
    const container = await this.container();
    for await (const { name, properties } of container.listBlobsFlat({ prefix })) {
      if (!mayHold(name, range)) continue;
      found.push({ name, size: properties.contentLength ?? 0, lastModified: properties.lastModified.getTime() });
    }
    return found;
  }

  /** The bytes of a blob. A connection that breaks is made anew, and the download goes on where it was. */
  async open(name: string): Promise<Readable> {
    const container = await this.container();
    const response = await container.getBlobClient(name).download(0, undefined, { maxRetryRequests: RESUMES });
    return response.readableStreamBody as Readable;
  }

  private container(): Promise<ContainerClient> {
    this.client ??= this.connect();
    return this.client;
  }

  private async connect(): Promise<ContainerClient> {
    const { BlobServiceClient } = await import('@azure/storage-blob');
    const { account, container, signature } = this.place;
    const options = { retryOptions: { maxTries: 5, retryDelayInMs: 500, maxRetryDelayInMs: 10_000 } };
    const text = process.env.AZURE_STORAGE_CONNECTION_STRING;
    const named = text ? BlobServiceClient.fromConnectionString(text, options) : undefined;
    const service: BlobServiceClient =
      signature !== ''
        ? new BlobServiceClient(`${account}${signature}`, undefined, options)
        : named && named.url.replace(/\/$/, '') === account
          ? named
          : new BlobServiceClient(account, await openCredential({}), options);
    return service.getContainerClient(container);
  }
}

/**
 * Whether a blob may hold events of a range, by the time in its name: of Capture (`…/2026/03/14/15/05/30.avro`, when its window began), or of an
 * export by the hour (`…/y=2026/m=03/d=14/h=15/m=00/PT1H.json`). A name that says no time may hold any.
 */
export function mayHold(
  name: string,
  { from = Number.NEGATIVE_INFINITY, to = Number.POSITIVE_INFINITY }: TimeRange,
): boolean {
  const covered = timesOf(name);
  return !covered || (covered.begin < to && covered.end > from);
}

function timesOf(name: string): { begin: number; end: number } | undefined {
  const capture = /(?:^|\D)(\d{4})[/_-](\d{2})[/_-](\d{2})[/_-](\d{2})[/_-](\d{2})[/_-](\d{2})(?:\.avro)$/i.exec(name);
  if (capture) {
    const begin = timeOf(capture.slice(1));
    // Events of a window may have been enqueued a little before it began.
    return { begin: begin - MINUTE, end: begin + CAPTURE_WINDOW + MINUTE };
  }
  const hourly = /(?:^|\/)y=(\d{4})\/m=(\d{2})\/d=(\d{2})\/h=(\d{2})\/m=(\d{2})\//i.exec(name);
  if (!hourly) return undefined;
  const begin = timeOf(hourly.slice(1));
  return { begin, end: begin + 60 * MINUTE };
}

function timeOf(parts: readonly string[]): number {
  const [year, month, day, hour, minute, second = 0] = parts.map(Number);
  return Date.UTC(year!, month! - 1, day!, hour!, minute!, second);
}
