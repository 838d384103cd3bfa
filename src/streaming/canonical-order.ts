import { createHash } from 'node:crypto';
import { type Row, type Schema, TIME_COLUMN } from '../kql';
import { type Fields, rowReader } from './source-row';

const hashes = new WeakMap<Fields, string>();

/**
 * Content hash of an event, 64 bits as hexadecimal text. It covers every field, whether a query reads it or not, so that two uses of a table
 * in one query order its rows alike, and leaving out unused columns changes no order. Table and time are left out: they are compared first.
 */
export function contentHash(fields: Fields): string {
  let known = hashes.get(fields);
  if (known === undefined) {
    known = createHash('sha256').update(contentText(fields), 'utf16le').digest('hex').slice(0, 16);
    hashes.set(fields, known);
  }
  return known;
}

function contentText(fields: Fields): string {
  const content = { ...fields, [TIME_COLUMN]: undefined, Type: undefined };
  try {
    return JSON.stringify(content);
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    // Only longs beyond 2^53 have no JSON of their own; asking at every value costs several times as much.
    return JSON.stringify(content, (_, value: unknown) => (typeof value === 'bigint' ? `${value}n` : value));
  }
}

/** One event of a table: its fields, and when the hub took it in (ticks). */
export interface TableEvent {
  readonly fields: Fields;
  readonly ingestion: bigint;
}

/**
 * Events of a table as rows in canonical order: by TimeGenerated, then by content. Wherever Kusto leaves a choice or an order open, the
 * first in this order wins, so that the same events give the same answer however they were delivered.
 */
export function canonicalRows(events: readonly TableEvent[], columns: Schema): Row[] {
  const read = rowReader(columns);
  const readTime = rowReader([{ name: TIME_COLUMN, type: 'datetime' }]);
  return events
    .map(({ fields, ingestion }) => ({
      row: read(fields, ingestion),
      time: (readTime(fields, ingestion)[0] as bigint | null) ?? -1n,
      hash: contentHash(fields),
    }))
    .sort((a, b) => (a.time === b.time ? compare(a.hash, b.hash) : a.time < b.time ? -1 : 1))
    .map(({ row }) => row);
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/**
 * The place of an event in canonical order, as text that sorts by it: time, content hash, then the origin (which tells equal events apart).
 */
export const placeText = (ticks: bigint, hash: string, origin: string): string => `${ticksText(ticks)}${hash}${origin}`;

/** The place of a surviving row: branch, the place of its event, then the ordinal among the rows that one event gave. */
export const orderText = (branch: number, place: string, ordinal: number): string =>
  `${digits(branch, 4)}${place}.${digits(ordinal, 9)}`;

/** What the order of a row begins with: branch and time. */
export const orderHead = (branch: number, ticks: bigint): string => `${digits(branch, 4)}${ticksText(ticks)}`;

// Rows of one time follow one another.
let lastTicks = -1n;
let lastText = '';

function ticksText(ticks: bigint): string {
  if (ticks !== lastTicks) {
    lastText = ticks.toString(16).padStart(16, '0');
    lastTicks = ticks;
  }
  return lastText;
}

const digits = (number: number, width: number): string =>
  number === 0 ? ZEROS.slice(0, width) : String(number).padStart(width, '0');

const ZEROS = '000000000';
