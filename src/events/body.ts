import { gunzipSync } from 'node:zlib';
import type { RejectReason } from './types';

/** Eight times the longest hub message: event logs shrink to a tenth at best in batches as shippers cut them. */
export const DEFAULT_MAX_INFLATED_BYTES = 8 * 1024 * 1024;
/** `{` and `[` in a body that was inflated. An honest one has one in some tens of bytes; each costs a hundred bytes of memory when parsed. */
const MAX_CONTAINERS = 400_000;

export class BodyError extends Error {
  constructor(
    readonly reason: RejectReason,
    message: string,
  ) {
    super(message);
  }
}

/** True for bytes that begin as a gzip member does (RFC 1952). */
const isGzip = (body: Uint8Array): boolean => body[0] === 0x1f && body[1] === 0x8b;

/** First bytes of what travels in a message and is not read: named to whoever finds it among the dead letters. */
const FOREIGN: readonly (readonly [hex: string, name: string])[] = [
  ['28b52ffd', 'Zstandard'],
  ['04224d18', 'LZ4'],
  ['ff060000734e61507059', 'Snappy (framed)'],
  ['82534e4150505900', 'Snappy (xerial)'],
  ['fd377a585a00', 'xz'],
  ['425a68', 'bzip2'],
  ['504b0304', 'ZIP'],
  ['4f626a01', 'Avro'],
  ['50415231', 'Parquet'],
];

/** @throws BodyError for a body that begins as such a format does */
function refuseForeign(body: Uint8Array): void {
  const begin = Buffer.from(body.buffer, body.byteOffset, Math.min(body.byteLength, 10)).toString('hex');
  const name = FOREIGN.find(([hex]) => begin.startsWith(hex))?.[1];
  if (name !== undefined)
    throw new BodyError('unknown-shape', `the body is ${name}, which is not read: send it plain or as gzip`);
}

/** `<`, `{` and `[`, as nearly every body begins. */
const opens = (byte: number | undefined): boolean => byte === 0x3c || byte === 0x7b || byte === 0x5b;

/** Control characters that no text has, or bytes that are no UTF-8, among the first characters. */
const BINARY = /[\0-\x08\x0e-\x1a\ufffd]/;

/** 'utf-16le' or 'utf-16be' where a byte order mark, or the zero byte beside a leading `<`, `{` or `[`, says so. */
function utf16Encoding(body: Uint8Array): 'utf-16le' | 'utf-16be' | undefined {
  const [first, second] = [body[0], body[1]];
  if (first === 0xff && second === 0xfe) return 'utf-16le';
  if (first === 0xfe && second === 0xff) return 'utf-16be';
  if (opens(first) && second === 0) return 'utf-16le';
  return first === 0 && opens(second) ? 'utf-16be' : undefined;
}

/**
 * The text of a message body: inflated if it is gzip, decoded from UTF-8 or UTF-16, without byte order mark.
 * Bytes that are not valid text become U+FFFD: one bad byte in a value must not cost the row.
 * @throws BodyError `inflate-failed`, `too-large` or `unknown-shape` (no text)
 */
export function bodyText(body: Uint8Array, maxInflatedBytes = DEFAULT_MAX_INFLATED_BYTES): string {
  const plain = isGzip(body) ? inflate(body, maxInflatedBytes) : body;
  if (plain !== body) checkContainers(plain);
  if (!opens(plain[0])) refuseForeign(plain);
  const utf16 = utf16Encoding(plain);
  if (utf16 !== undefined) return new TextDecoder(utf16).decode(plain);
  const text = Buffer.from(plain.buffer, plain.byteOffset, plain.byteLength).toString('utf8');
  if (!opens(plain[0]) && BINARY.test(text.slice(0, 16)) && !/^\s*[{[<"]/.test(text))
    throw new BodyError(
      'unknown-shape',
      'the body is no text: Protobuf (as of OpenTelemetry) or compressed; send JSON or XML',
    );
  return text.charCodeAt(0) === 0xfeff ? text.slice(1) : text;
}

/** @throws BodyError */
function checkContainers(plain: Uint8Array): void {
  if (plain.byteLength <= MAX_CONTAINERS) return;
  let count = 0;
  // As they stand in UTF-8 and UTF-16 alike.
  for (let i = 0; i < plain.byteLength; i++) if (plain[i] === 0x7b || plain[i] === 0x5b) count++;
  if (count > MAX_CONTAINERS)
    throw new BodyError(
      'too-large',
      `${count} braces and brackets open in the inflated body: more than ${MAX_CONTAINERS}`,
    );
}

function inflate(body: Uint8Array, maxOutputLength: number): Uint8Array {
  try {
    return gunzipSync(body, { maxOutputLength });
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === 'ERR_BUFFER_TOO_LARGE') {
      throw new BodyError('too-large', `gzip body inflates to more than ${maxOutputLength} bytes`);
    }
    throw new BodyError('inflate-failed', `gzip body is damaged: ${(error as Error).message}`);
  }
}
