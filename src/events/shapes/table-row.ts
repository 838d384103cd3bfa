import { TABLES_BY_COLUMNS } from '../../row-messages';
import { type JsonObject, own, toJson } from '../json';
import { normalizeTime } from '../time';
import type { Collector, RecordShape } from './shape';

const TABLE_NAME = /^[A-Za-z][\w-]{0,127}$/;

/** Whether a row's `Type` names its table; of any other, its columns may tell it. */
export const isTableName = (type: string): boolean => TABLE_NAME.test(type);

/** Rows as Log Analytics exports them: flat columns, `Type` naming the table. */
export const tableRow: RecordShape = {
  name: 'table row',
  hints: ['Type', 'TimeGenerated', 'TenantId', '_ItemId', '_ResourceId', 'EventLog', 'EventID', 'EventData'],
  matches: (record) => typeof own(record, 'Type') === 'string' || Object.hasOwn(record, 'TimeGenerated'),
  read: (record, out) => readRow(record, undefined, out),
};

/** `tableRow.read` with a table for rows that tell none. */
export function readRow(record: JsonObject, defaultTable: string | undefined, out: Collector): void {
  const table = tableOf(record) ?? defaultTable;
  if (table === undefined) {
    out.reject('no-table', 'the row has no Type, and its columns tell no table', () => toJson(record));
    return;
  }
  // Diagnostic settings give a row's time as `time`, Defender XDR as `Timestamp`.
  const given = own(record, 'TimeGenerated') ?? own(record, 'time') ?? own(record, 'Timestamp');
  const time = normalizeTime(given);
  if (time === undefined) {
    const what = given === undefined || given === null ? 'missing' : `not a time: ${toJson(given).slice(0, 80)}`;
    out.reject('no-time', `TimeGenerated is ${what}`, () => toJson(record));
    return;
  }
  // An own property of this name would become the prototype of a copy made by assignment.
  if (Object.hasOwn(record, '__proto__')) Reflect.deleteProperty(record, '__proto__');
  record.TimeGenerated = time;
  out.row(table, record);
}

function tableOf(record: JsonObject): string | undefined {
  const type = own(record, 'Type');
  if (typeof type === 'string' && isTableName(type)) return type;
  return TABLES_BY_COLUMNS.find(([, columns]) => columns.every((column) => Object.hasOwn(record, column)))?.[0];
}
