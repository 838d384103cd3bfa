import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../support/full-stack';

/** A row of the table Event. */
export type EventRow = Record<string, unknown> & { TimeGenerated: string; Computer: string; EventData: string };

const SAMPLES = join(__dirname, 'samples');

/** MMC started through DCOM, as a Sysmon without ParentUser reports it; at a time, by a computer. */
export function attack(time?: string, changes: Partial<EventRow> = {}): EventRow {
  const row = JSON.parse(readFileSync(join(SAMPLES, 'attack.json'), 'utf8')) as EventRow;
  return { ...row, ...(time ? { TimeGenerated: time } : {}), ...changes };
}

/** The same from a Sysmon that knows ParentUser, of a computer in a domain. */
export function fullAttack(time?: string, changes: Partial<EventRow> = {}): EventRow {
  const row = attack(time, { Computer: 'WS01.corp.example.com', ...changes });
  const last = '</Data></EventData>';
  return {
    ...row,
    EventData: row.EventData.replace(last, `</Data><Data Name="ParentUser">NT AUTHORITY\\SYSTEM${last}`),
  };
}

/** Events of several kinds and hosts that no rule here looks for, from 2026-02-03T09:00Z to 10:00Z. */
export function ordinary(): EventRow[] {
  return readFileSync(join(SAMPLES, 'ordinary.ndjson'), 'utf8')
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as EventRow);
}

/** Rows as messages of some records each. */
export function messages(rows: readonly object[], records = 10): { records: object[] }[] {
  const result: { records: object[] }[] = [];
  for (let from = 0; from < rows.length; from += records) result.push({ records: rows.slice(from, from + records) });
  return result;
}

/** Real events that are not part of the repository. */
export const SHARED_MESSAGES = join(ROOT, '..', 'shared', 'data', 'sysmon-event-hub-messages.ndjson');
export const hasShared = existsSync(SHARED_MESSAGES);
