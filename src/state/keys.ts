import { createHash } from 'node:crypto';
import { encodePosition, type RowPosition } from './position';
import type { EntityRange } from './store';

/**
 * Keys of the group state. A partition key is `STATE.PANE.SOURCE.PARTITION`: all parts but the last have one width, so
 * one range query reads every source partition of a plan between two times. Row keys: `!` the mark, `g…` a group,
 * `r…` a row; `~` after one of them begins the key of a chunk of its value.
 */

/** The row key of the mark; it sorts before all others. */
export const MARK_ROW = '!';

export interface StatePartition {
  /** Lower-case letters and digits, the same number for every plan. */
  readonly stateHash: string;
  /** Start of the pane, milliseconds since 1970, year 1 to 9999. */
  readonly paneStart: number;
  /** From {@link sourceId}. */
  readonly source: string;
  /** Partition id of the hub. */
  readonly hubPartition: string;
}

/**
 * Names a hub, whatever the length of its name.
 *
 * @param incarnation what tells a hub from one of the same name that was deleted, such as its time of creation: its
 *   sequence numbers began anew
 */
export function sourceId(namespace: string, hub: string, incarnation = ''): string {
  return hash(`${namespace.toLowerCase()}\n${hub.toLowerCase()}\n${incarnation}`, 20);
}

export function statePartitionKey({ stateHash, paneStart, source, hubPartition }: StatePartition): string {
  if (!/^[0-9a-f]{20}$/.test(source)) throw new RangeError(`not a source id: ${source}`);
  const partition = /^[0-9A-Za-z]{1,16}$/.test(hubPartition) ? hubPartition : `-${hash(hubPartition, 20)}`;
  return `${panePrefix(stateHash, paneStart)}.${source}.${partition}`;
}

export function parseStatePartitionKey(partitionKey: string): StatePartition {
  const match = /^([0-9a-z]+)\.(\d{8}T\d{6}\.\d{3})\.([0-9a-f]{20})\.(-?[0-9A-Za-z]+)$/.exec(partitionKey);
  if (!match) throw new RangeError('not the key of a state partition');
  const [, stateHash, pane, source, hubPartition] = match as unknown as [string, string, string, string, string];
  return { stateHash, paneStart: decodeTime(pane), source, hubPartition };
}

/** Every state partition of a plan with its pane start in [from, to), milliseconds since 1970. */
export function paneRange(stateHash: string, from: number, to: number): EntityRange {
  return { partitionFrom: panePrefix(stateHash, from), partitionTo: panePrefix(stateHash, to) };
}

/** @param groupKey any text; groups of different keys have different rows (SHA-256) */
export function groupRowKey(groupKey: string): string {
  return `g${createHash('sha256').update(groupKey, 'utf16le').digest('base64url')}`;
}

export function rowRowKey(position: RowPosition): string {
  return `r${encodePosition(position)}`;
}

const EARLIEST = Date.parse('0001-01-01T00:00:00.000Z');
const LATEST = Date.parse('9999-12-31T23:59:59.999Z');

/** A time as text of one width that sorts by time and may stand in a key: `20190430T203500.000`. */
export function encodeTime(ms: number): string {
  if (!(ms >= EARLIEST && ms <= LATEST)) throw new RangeError(`time out of bounds: ${ms}`);
  return new Date(ms).toISOString().replace(/[-:Z]/g, '');
}

export function decodeTime(text: string): number {
  const match = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d\.\d{3})$/.exec(text);
  if (!match) throw new RangeError('not a time of a key');
  const [, year, month, day, hour, minute, second] = match;
  return Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
}

/** Hexadecimal digits of a SHA-256. */
export function hash(text: string, digits: number): string {
  return createHash('sha256').update(text, 'utf16le').digest('hex').slice(0, digits);
}

function panePrefix(stateHash: string, paneStart: number): string {
  if (!/^[0-9a-z]{8,64}$/.test(stateHash)) throw new RangeError(`not a state hash: ${stateHash}`);
  return `${stateHash}.${encodeTime(paneStart)}`;
}
