import { ABSENT, ODD, type Scanner } from '../../scan';
import { type JsonObject, toJson } from '../json';
import { normalizeTime } from '../time';
import type { RejectReason } from '../types';

/** First byte of a text. */
export const QUOTE = 0x22;
export const BRACE = 0x7b;
export const BRACKET = 0x5b;

/** Takes what a shape reads. Each call is one record of the message, counted in order. */
export interface Collector {
  /** `fields.TimeGenerated` must be in the form of `normalizeTime`. */
  row(table: string, fields: Record<string, unknown>): void;
  reject(reason: RejectReason, detail: string, raw: string | Uint8Array | (() => string)): void;
}

/**
 * One form of JSON object that a source puts on the hub.
 * Adding a shape: one file with such a value, its test, one line in `index.ts`.
 */
export interface RecordShape {
  readonly name: string;
  /** Property names that speak for this shape: they name the nearest one to an object that no shape reads. */
  readonly hints: readonly string[];
  /** By content alone, and cheap: it is asked for every record. */
  matches(record: JsonObject): boolean;
  /**
   * What the bytes of a record tell: false, it does not match; undefined, they do not tell enough; else the number of the event, of a record
   * that matches and that `read` makes one row of. Absent: they never do.
   */
  glance?(record: Scanner): number | false | undefined;
  /** Gives the record's rows, or says why there are none, to `out`. Does not throw. */
  read(record: JsonObject, out: Collector): void;
}

/** Rejects a record that lacks the event's number, or else its time. `noId`, `noTime`: which is missing, in the shape's own names. */
export function rejectIncomplete(
  out: Collector,
  record: JsonObject,
  shape: string,
  { eventId, noId, noTime }: { eventId: number | undefined; noId: string; noTime: string },
): void {
  const hasId = eventId !== undefined;
  out.reject(hasId ? 'no-time' : 'unknown-shape', `${shape}: ${hasId ? noTime : noId}`, () => toJson(record));
}

/** Whether a property of a record is a time; false says nothing where it is no text. */
export function isTimeAt(record: Scanner, key: number): boolean {
  if (record.isTime(key)) return true;
  if (record.kind(key) !== QUOTE) return false;
  return normalizeTime(JSON.parse(record.json(key)!)) !== undefined;
}

/** What `wholeNumber` gives, as a glance does: undefined, it does not tell. */
export function numberAt(record: Scanner, key: number): number | undefined {
  const number = record.wholeNumber(key);
  return number === ABSENT || number === ODD ? undefined : number;
}
