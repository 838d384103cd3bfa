import { encodeTime, hash } from '../../state/keys';
import type { EntityRange } from '../../state/store';

/**
 * Keys of the outbox. A rule has a partition of its own: `w…` windows, `a…` alerts, `d…` what was delivered, each sorted
 * by the end of the window. What waits for a sink is in that sink's partition, sorted by the time it is due.
 */

/** A name as part of a key: itself where that is possible, else a hash. */
function keyPart(name: string): string {
  return /^[A-Za-z0-9-]{1,64}$/.test(name) ? name : `_${hash(name, 40)}`;
}

export function rulePartition(ruleId: string): string {
  return `rule.${keyPart(ruleId)}`;
}

export function windowRow(windowEnd: number): string {
  return `w${encodeTime(windowEnd)}`;
}

export function alertRow(windowEnd: number, alertId: string, revision: number): string {
  return `a${encodeTime(windowEnd)}.${keyPart(alertId)}.${String(revision).padStart(6, '0')}`;
}

export function deliveredRow(windowEnd: number, sink: string): string {
  return `d${encodeTime(windowEnd)}.${keyPart(sink)}`;
}

export function pendingPartition(sink: string): string {
  return `pending.${keyPart(sink)}`;
}

/** @param due milliseconds since 1970 */
export function pendingRow(due: number, windowEnd: number, ruleId: string, attempt: number): string {
  return `${encodeTime(due)}.${encodeTime(windowEnd)}.${keyPart(ruleId)}.${attempt}`;
}

/** What of a sink is due at `now`. */
export function dueRange(sink: string, now: number): EntityRange {
  const partitionKey = pendingPartition(sink);
  return { partitionFrom: partitionKey, partitionTo: `${partitionKey} `, rowTo: encodeTime(now + 1) };
}
