/**
 * Where in a hub partition a surviving row comes from. The same message always gives the same positions under the same
 * plan, so that a position compared with the mark says whether the row has been counted.
 */
export interface RowPosition {
  /** Of the message, 0 to 2^53 - 1. */
  readonly sequenceNumber: number;
  /** Of the record within the message, from 0. */
  readonly record: number;
  /** Of the surviving row within the record, from 0. */
  readonly ordinal: number;
}

/** Negative when `a` comes before `b`, 0 when they are the same. */
export function comparePositions(a: RowPosition, b: RowPosition): number {
  return a.sequenceNumber - b.sequenceNumber || a.record - b.record || a.ordinal - b.ordinal;
}

const WIDTHS = [16, 7, 9] as const;

/** The position as text of one width that sorts as {@link comparePositions} does. */
export function encodePosition(position: RowPosition): string {
  const parts = [position.sequenceNumber, position.record, position.ordinal];
  return parts.map((part, i) => pad(part, WIDTHS[i]!)).join('.');
}

function pad(value: number, width: number): string {
  if (!Number.isSafeInteger(value) || value < 0) throw new RangeError(`not a position: ${value}`);
  const digits = String(value);
  if (digits.length > width) throw new RangeError(`position out of bounds: ${value}`);
  return digits.padStart(width, '0');
}
