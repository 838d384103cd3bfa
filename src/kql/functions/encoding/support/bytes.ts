import { isUtf8 } from 'node:buffer';

const BASE64 = /^[A-Za-z0-9+/]*={0,2}$/;

/** The bytes of padded base64 text, or null where it is none. */
export const decodeBase64 = (text: string): Buffer | null =>
  text.length % 4 === 0 && BASE64.test(text) ? Buffer.from(text, 'base64') : null;

/** The text of UTF-8 bytes, or null where they are none. */
export const decodeUtf8 = (bytes: Buffer): string | null => (isUtf8(bytes) ? bytes.toString('utf8') : null);

/** .NET's byte order of a guid: the first three groups are little-endian. */
const GUID_ORDER = [3, 2, 1, 0, 5, 4, 7, 6, 8, 9, 10, 11, 12, 13, 14, 15];

export function guidBytes(guid: string): Buffer {
  const plain = Buffer.from(guid.replaceAll('-', ''), 'hex');
  return Buffer.from(GUID_ORDER.map((i) => plain[i]!));
}

export function guidFromBytes(bytes: Uint8Array): string {
  const hex = Buffer.from(GUID_ORDER.map((i) => bytes[i]!)).toString('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}
