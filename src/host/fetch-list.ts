import { createHash } from 'node:crypto';
import { listText } from './list-body';

export interface FetchOptions {
  /** Allows http: anyone on the network path can then change what rules look for. */
  readonly allowHttp?: boolean;
  /** Most bytes, as sent and as unpacked (default 100 MiB, the bound that Kusto names). */
  readonly maxBytes?: number;
  /** Bound of the whole fetch, redirects included, ms (default 60,000). */
  readonly timeoutMs?: number;
  /** The version of the copy that is stored: the server sends the file only if it has another one. */
  readonly known?: Validators;
}

/** How a server names a version of a file. */
export interface Validators {
  readonly etag?: string;
  readonly lastModified?: string;
}

export interface FetchedList extends Validators {
  readonly text: string;
  /** Of the bytes that were sent, hex. */
  readonly sha256: string;
}

const MOST_REDIRECTS = 5;
const MAX_BYTES = 100 * 1024 * 1024;
const TIMEOUT_MS = 60_000;

/**
 * Fetches a list. undefined: it is the one that is known. Throws Error that says why there is none, without the parts of the URL that may be
 * secret.
 */
export async function fetchList(url: string, options: FetchOptions = {}): Promise<FetchedList | undefined> {
  const { maxBytes = MAX_BYTES, timeoutMs = TIMEOUT_MS, known } = options;
  const signal = AbortSignal.timeout(timeoutMs);
  const headers: Record<string, string> = { 'user-agent': 'outrider', accept: '*/*' };
  if (known?.etag) headers['if-none-match'] = known.etag;
  else if (known?.lastModified) headers['if-modified-since'] = known.lastModified;
  try {
    const response = await follow(url, headers, signal, options.allowHttp === true);
    if (response.status === 304 && known) {
      await response.body?.cancel();
      return undefined;
    }
    if (response.status !== 200) {
      await response.body?.cancel();
      throw new Error(`the server answered ${response.status}${response.statusText ? ` ${response.statusText}` : ''}`);
    }
    const bytes = await bodyOf(response, maxBytes);
    return {
      text: listText(bytes, maxBytes),
      sha256: createHash('sha256').update(bytes).digest('hex'),
      etag: response.headers.get('etag') ?? undefined,
      lastModified: response.headers.get('last-modified') ?? undefined,
    };
  } catch (error) {
    if (signal.aborted) throw new Error(`no whole answer within ${timeoutMs / 1000} s`);
    throw plainError(error);
  }
}

/** Follows redirects one by one: each may lead only where the first was allowed to. */
async function follow(
  url: string,
  headers: Record<string, string>,
  signal: AbortSignal,
  allowHttp: boolean,
): Promise<Response> {
  let target = checked(url, allowHttp, 'the URL');
  for (let hops = 0; ; hops++) {
    const response = await fetch(target, { headers, signal, redirect: 'manual' });
    const location = response.headers.get('location');
    if (![301, 302, 303, 307, 308].includes(response.status) || location === null) return response;
    await response.body?.cancel();
    if (hops >= MOST_REDIRECTS) throw new Error(`more than ${MOST_REDIRECTS} redirects`);
    if (!URL.canParse(location, target.href)) throw new Error('it is redirected to what is no URL');
    target = checked(new URL(location, target.href).href, allowHttp, 'it is redirected, and the target');
  }
}

function checked(text: string, allowHttp: boolean, what: string): URL {
  if (!URL.canParse(text)) throw new Error(`${what} is none`);
  const url = new URL(text);
  if (url.protocol === 'http:' && !allowHttp) throw new Error(`${what} is http, which must be allowed (--allow-http)`);
  if (url.protocol !== 'https:' && url.protocol !== 'http:')
    throw new Error(`${what} is ${url.protocol.replace(/:$/, '')}, and only https can be fetched`);
  if (url.username !== '' || url.password !== '') throw new Error(`${what} holds a user name, which is not supported`);
  // https://learn.microsoft.com/kusto/api/connection-strings/storage-connection-strings
  if (/;(impersonate|managed_identity=|token=|prompt|.{40,}=)/i.test(text))
    throw new Error(`${what} ends with a way of signing in, which is not supported`);
  return url;
}

async function bodyOf(response: Response, maxBytes: number): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  if (response.body) {
    for await (const chunk of response.body as unknown as AsyncIterable<Uint8Array>) {
      length += chunk.byteLength;
      if (length > maxBytes) throw new Error(`it is longer than ${maxBytes} bytes`);
      chunks.push(chunk);
    }
  }
  return Buffer.concat(chunks);
}

/** The message of an error's cause: `fetch` itself only says that it failed. */
function plainError(error: unknown): Error {
  const cause = (error as { cause?: { code?: string; message?: string } }).cause;
  if (cause) return new Error(`it cannot be reached (${cause.code ?? cause.message ?? 'no reason given'})`);
  return error instanceof Error ? error : new Error(String(error));
}
