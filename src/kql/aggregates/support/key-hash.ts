import { createHash } from 'node:crypto';

/**
 * The first bytes of a key's SHA-1, one per character. A cryptographic hash, because whoever writes the events must not be able to
 * make different values count as one.
 */
export const keyHash = (key: string, bytes: number): string =>
  createHash('sha1').update(key, 'utf8').digest().toString('latin1', 0, bytes);

/** Hashes of one length, as text that JSON holds, and back. */
export const packHashes = (hashes: Iterable<string>): string =>
  Buffer.from([...hashes].sort().join(''), 'latin1').toString('base64');

export function unpackHashes(packed: string, bytes: number): Set<string> {
  const text = Buffer.from(packed, 'base64').toString('latin1');
  const hashes = new Set<string>();
  for (let at = 0; at < text.length; at += bytes) hashes.add(text.slice(at, at + bytes));
  return hashes;
}
