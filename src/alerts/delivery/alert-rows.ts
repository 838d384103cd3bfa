import { createHash } from 'node:crypto';
import { chunkRowKeys, joinValue, readValue, splitValue, writeChunks } from '../../state/chunks';
import { AlreadyExists } from '../../state/errors';
import { type AlertJson, fieldsOf } from '../sinks/sink';
import { alertRow, rulePartition } from './keys';
import type { Outbox, WindowKey } from './windows';

/** Fields that change from run to run and say nothing of the result. */
const VOLATILE_FIELDS: readonly string[] = ['TimeGenerated', 'ProcessingEndTime'];

/**
 * Fingerprint of what an alert says, whatever its revision.
 *
 * @param ignore fields that do not count (default: the times of processing)
 */
export function hashAlert(alert: AlertJson, ignore: readonly string[] = VOLATILE_FIELDS): string {
  const fields = fieldsOf(alert);
  const names = Object.keys(fields).filter((name) => name !== 'Revision' && !ignore.includes(name));
  const text = JSON.stringify(names.sort().map((name) => [name, fields[name]]));
  return createHash('sha256').update(text, 'utf16le').digest('base64url').slice(0, 22);
}

/**
 * Writes an alert as the row of its id and revision, which never changes afterwards.
 *
 * @returns `written`, `same` when a row with this hash is there already, or `other` when the revision was taken by a run
 *   with another result
 */
export async function writeAlert(
  { store, table }: Outbox,
  { ruleId, windowEnd }: WindowKey,
  alert: AlertJson,
  hash: string,
): Promise<'written' | 'same' | 'other'> {
  const partitionKey = rulePartition(ruleId);
  const rowKey = alertRow(windowEnd, alert.SystemAlertId, alert.Revision);
  const { head, chunks } = splitValue(rowKey, JSON.stringify(alert), '');
  // The names of chunks hold a hash of their content: chunks that another run wrote for another content are not overwritten.
  await writeChunks(store, table, partitionKey, chunks);
  try {
    await store.transact(table, partitionKey, [{ kind: 'create', rowKey, properties: { ...head, hash } }]);
    return 'written';
  } catch (error) {
    if (!(error instanceof AlreadyExists)) throw error;
    const there = await store.get(table, partitionKey, rowKey);
    return there?.properties.hash === hash ? 'same' : 'other';
  }
}

/** @returns the alert, or undefined when it was never written or has been deleted */
export async function readAlert(
  { store, table }: Outbox,
  { ruleId, windowEnd }: WindowKey,
  alertId: string,
  revision: number,
): Promise<AlertJson | undefined> {
  const head = await store.get(table, rulePartition(ruleId), alertRow(windowEnd, alertId, revision));
  if (!head) return undefined;
  const chunked = chunkRowKeys(head.rowKey, head.properties).length > 0;
  const value = chunked ? (await readValue(store, table, head))?.value : joinValue(head.rowKey, head.properties, []);
  return value === undefined ? undefined : (JSON.parse(String(value)) as AlertJson);
}
