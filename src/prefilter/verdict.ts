import type { Legs } from './candidates';

/** A record of a message that some leg may let through. */
export interface PickedRecord {
  /** Position in the message, counted over all records. */
  readonly index: number;
  /** Bytes of the message's body. */
  readonly start: number;
  readonly end: number;
  /** Legs that may let it through; undefined: any. */
  readonly legs: Legs | undefined;
  /** `rows`: it stands in a text that is read as rows of tables alone. `json`: an object of any shape. `xml`: an event of Windows. */
  readonly form: 'rows' | 'json' | 'xml';
}

/**
 * What the bytes of a message tell.
 *
 * - `unread`: all of it is valid, each record is one row of a table, and no row can come through any leg.
 * - `some`: as before, but for these records, which must be read. A record that becomes no row is among them.
 * - `whole`: nothing; it must be read as a whole.
 */
export type Verdict =
  | { readonly kind: 'unread' }
  | { readonly kind: 'whole' }
  | { readonly kind: 'some'; readonly total: number; readonly picks: readonly PickedRecord[] };

export const UNREAD: Verdict = { kind: 'unread' };
export const WHOLE: Verdict = { kind: 'whole' };
