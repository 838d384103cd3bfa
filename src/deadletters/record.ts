import { encodeTime, hash } from '../state/keys';
import type { MessageParts } from './message-parts';

/** Why a record is no row, or why a rule could not be evaluated on it. */
export const DEAD_LETTER_REASONS = [
  'empty',
  'inflate-failed',
  'too-large',
  'too-deep',
  'invalid-json',
  'invalid-xml',
  'not-an-object',
  'unknown-shape',
  'no-table',
  'no-time',
  /** Older than the lateness bound when it was enqueued. */
  'too-late',
  /** Stamped too far in the future when it was enqueued. */
  'too-early',
  /** One rule failed on it; the others saw it. */
  'rule-failed',
  /** The state store refuses what it leads to. */
  'state-rejected',
  /** The process ended or hung whenever it was evaluated. */
  'poison',
] as const;

export type DeadLetterReason = (typeof DEAD_LETTER_REASONS)[number];

/** What names a dead letter: the same on every delivery, so that writing it again changes nothing. */
export interface DeadLetterOrigin {
  /** Namespace and hub, or what stands for them. */
  readonly source: string;
  /** Tells the hub from one of the same name that was deleted. Letters written before this was noted have none. */
  readonly incarnation?: string;
  /** The id that the hub's rows are counted under, from `sourceId`. Letters written before this was noted have none. */
  readonly sourceId?: string;
  readonly partition: string;
  readonly sequenceNumber: number;
  /** Of the record within the message, from 0. */
  readonly record: number;
  /** Set when only this rule failed. */
  readonly ruleId?: string;
  /** When the hub took the message, milliseconds since 1970. */
  readonly enqueuedTime: number;
}

/** A dead letter without its body. */
export interface DeadLetterSummary extends DeadLetterOrigin {
  readonly id: string;
  readonly reason: DeadLetterReason;
  /** What exactly was wrong, for people. */
  readonly detail: string;
  /** When it was written (last), milliseconds since 1970. */
  readonly storedAt: number;
  /** Bytes of the body. */
  readonly length: number;
  /** The body is that of the message, with other records in it. */
  readonly isWholeMessage?: boolean;
  /** With a rule: hashes of its legs that have counted the record. */
  readonly countedLegs?: readonly string[];
  /** With a rule: hashes of its legs whose state holds the record's place where they have not counted it. */
  readonly trackedLegs?: readonly string[];
  /** Records of the message that it stands for: a letter for many. */
  readonly recordCount?: number;
}

export interface DeadLetter extends DeadLetterOrigin {
  readonly reason: DeadLetterReason;
  readonly detail: string;
  readonly storedAt: number;
  readonly isWholeMessage?: boolean;
  readonly countedLegs?: readonly string[];
  readonly trackedLegs?: readonly string[];
  /** Of a whole message: the records that it stands for; all others have been evaluated. */
  readonly parts?: MessageParts;
  /** The record as it came: text, or bytes when it is none. */
  readonly body: string | Uint8Array;
}

export interface DeadLetterKeys {
  readonly partitionKey: string;
  readonly rowKey: string;
}

/** Days are partitions, so that lists go by time and retention deletes the oldest. */
export function deadLetterKeys(origin: DeadLetterOrigin): DeadLetterKeys {
  const { source, incarnation, partition, sequenceNumber, record, ruleId, enqueuedTime } = origin;
  const hub = incarnation === undefined ? source.toLowerCase() : `${source.toLowerCase()}\n${incarnation}`;
  const where = [hash(hub, 20), keyPart(partition), digits(sequenceNumber, 16), digits(record, 9)];
  const rowKey = [...where, ruleId === undefined ? '-' : hash(ruleId, 20)].join('.');
  return { partitionKey: dayOf(enqueuedTime), rowKey };
}

export function deadLetterId({ partitionKey, rowKey }: DeadLetterKeys): string {
  return `${partitionKey}.${rowKey}`;
}

/** The id that all dead letters of one record have in common, whatever their rule. */
export function recordId(id: string): string {
  return `${id.slice(0, id.lastIndexOf('.'))}.-`;
}

/** @returns undefined for what cannot be the id of a dead letter */
export function parseDeadLetterId(id: string): DeadLetterKeys | undefined {
  const match = /^(\d{8})\.([0-9a-f]{20}\.[0-9A-Za-z_-]{1,40}\.\d{16}\.\d{9}\.(?:-|[0-9a-f]{20}))$/.exec(id);
  return match ? { partitionKey: match[1]!, rowKey: match[2]! } : undefined;
}

/** The partition of a time, `YYYYMMDD` in UTC. */
export function dayOf(ms: number): string {
  return encodeTime(ms).slice(0, 8);
}

function keyPart(partition: string): string {
  return /^[0-9A-Za-z-]{1,32}$/.test(partition) ? partition : `_${hash(partition, 20)}`;
}

function digits(value: number, width: number): string {
  if (!Number.isSafeInteger(value) || value < 0) throw new RangeError(`not a position: ${value}`);
  return String(value).padStart(width, '0');
}
