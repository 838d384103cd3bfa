import { TornValue } from './errors';
import { LIMITS } from './limits';
import type { Properties, PropertyValue } from './store';

/** A text that is stored readably, or bytes. */
export type StoredValue = string | Uint8Array;

/** UTF-16 code units up to which a text stays one string property; longer ones are bytes, at half the size. */
const READABLE = 16 * 1024;
/**
 * Bytes that one entity holds of a value: 11 properties of 64 KiB. The service would take 15 beside the keys, but the
 * emulator counts the base64 of an update against the 1 MiB.
 */
export const BYTES_PER_ENTITY = 11 * LIMITS.binaryBytes;

/** Characters whose way through the service's JSON and back is not certain; the emulator answers 500 to U+2028 and U+2029. */
const UNSAFE =
  /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u2028\u2029\ufffe\uffff]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/;

const UTF8 = 's';
const UTF16 = 'w';
const BYTES = 'b';

export interface EncodedValue {
  /** How the bytes become the value again. */
  readonly encoding: string;
  readonly bytes: Uint8Array;
}

/** The property of a value that is short enough to stay readable. */
export function readableProperty(value: StoredValue): Properties | undefined {
  return typeof value === 'string' && value.length <= READABLE && !UNSAFE.test(value) ? { v: value } : undefined;
}

const LONE_SURROGATE = /[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/;
const REFUSED = new RegExp(`[\\u2028\\u2029\\ufffe\\uffff]|${LONE_SURROGATE.source}`, 'g');

/** A text for people, cut to a length in UTF-16 units, with U+FFFD for characters that the store may refuse. */
export const storableText = (text: string, length: number): string => text.slice(0, length).replace(REFUSED, '\ufffd');

export function toBytes(value: StoredValue): EncodedValue {
  if (typeof value !== 'string') return { encoding: BYTES, bytes: value };
  // Half a surrogate pair has no UTF-8: such a text keeps its code units.
  const encoding = LONE_SURROGATE.test(value) ? UTF16 : UTF8;
  return { encoding, bytes: Buffer.from(value, encoding === UTF16 ? 'utf16le' : 'utf8') };
}

export function fromBytes(encoding: PropertyValue | undefined, bytes: Buffer): StoredValue {
  if (encoding === BYTES) return new Uint8Array(bytes);
  if (encoding === UTF8) return bytes.toString('utf8');
  if (encoding === UTF16) return bytes.toString('utf16le');
  throw new TornValue('a value of unknown encoding');
}

/** Bytes over binary properties `b0`, `b1` … of one entity. */
export function bytesToProperties(bytes: Uint8Array): Record<string, PropertyValue> {
  const properties: Record<string, PropertyValue> = {};
  for (let i = 0, at = 0; at < bytes.byteLength; i++, at += LIMITS.binaryBytes)
    properties[`b${i}`] = bytes.subarray(at, at + LIMITS.binaryBytes);
  return properties;
}

export function propertiesToBytes(properties: Properties): Buffer {
  const parts: Uint8Array[] = [];
  for (let i = 0; ; i++) {
    const part = properties[`b${i}`];
    if (!(part instanceof Uint8Array)) return Buffer.concat(parts);
    parts.push(part);
  }
}
