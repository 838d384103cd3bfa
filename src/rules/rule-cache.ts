import { createHash } from 'node:crypto';

/** Keeps what was worked out of rules, by what it was worked out of: a key is the fingerprint of all that the value depends on. */
export interface RuleCache {
  /** undefined: not there, or damaged. */
  get(key: string): unknown;
  /** A value of plain JSON. Does not throw where it cannot be kept. */
  put(key: string, value: unknown): void;
}

/** SHA-256 (hex) of some values of plain JSON, each with its place: no two lists of values give one text. */
export function fingerprint(...values: readonly unknown[]): string {
  return createHash('sha256').update(JSON.stringify(values)).digest('hex');
}
