import { type JsonObject, toJson } from '../json';
import type { RejectReason } from '../types';

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
