import { type AlertJson, fieldsOf } from '../sink';
import { CUT_FIELD, cutValue, jsonBytes } from './cut';

export type ColumnType = 'datetime' | 'string' | 'int' | 'boolean' | 'dynamic';

/**
 * The columns of the custom table and of the stream declaration of its data collection rule, in order. A field of the
 * alert that is not among them does not reach the workspace.
 */
export const ALERT_COLUMNS: readonly { readonly name: string; readonly type: ColumnType }[] = [
  { name: 'TimeGenerated', type: 'datetime' },
  { name: 'SystemAlertId', type: 'string' },
  { name: 'Revision', type: 'int' },
  { name: 'AlertName', type: 'string' },
  { name: 'DisplayName', type: 'string' },
  { name: 'AlertSeverity', type: 'string' },
  { name: 'AlertType', type: 'string' },
  { name: 'Description', type: 'string' },
  { name: 'Status', type: 'string' },
  { name: 'StartTime', type: 'datetime' },
  { name: 'EndTime', type: 'datetime' },
  { name: 'WindowStart', type: 'datetime' },
  { name: 'WindowEnd', type: 'datetime' },
  { name: 'ProcessingEndTime', type: 'datetime' },
  { name: 'Incomplete', type: 'boolean' },
  { name: 'Tactics', type: 'string' },
  { name: 'Techniques', type: 'string' },
  { name: 'ProviderName', type: 'string' },
  { name: 'VendorName', type: 'string' },
  { name: 'ProductName', type: 'string' },
  { name: 'ProductComponentName', type: 'string' },
  { name: 'CompromisedEntity', type: 'string' },
  { name: 'Entities', type: 'dynamic' },
  { name: 'CustomDetails', type: 'dynamic' },
  { name: 'ExtendedProperties', type: 'dynamic' },
  { name: 'Results', type: 'dynamic' },
  { name: CUT_FIELD, type: 'dynamic' },
];

/** Azure Monitor truncates a field beyond 64 KB, which would leave a dynamic broken. Bytes. */
const FIELD_BYTES = 64 * 1024;
/** When even so the row does not fit into a call. */
const SMALL_FIELD_BYTES = 16 * 1024;
/** When the service refuses the row alone. */
const SMALLEST_FIELD_BYTES = 4 * 1024;
/** The client library packs calls of a million bytes. */
const ROW_BYTES = 950_000;

export interface LogRow {
  readonly row: Record<string, unknown>;
  /** Whether a field was cut. */
  readonly cut: boolean;
}

/**
 * An alert as a row of {@link ALERT_COLUMNS}. Missing fields are null; fields over 64 KB are cut and named in
 * {@link CUT_FIELD}.
 *
 * @param sentAt TimeGenerated, milliseconds since 1970: a late alert must be where a query over the last minutes looks
 * @param isSmall fields over 4 KB are cut: the row was refused as it was
 */
export function toLogRow(alert: AlertJson, sentAt: number, isSmall = false): LogRow {
  if (isSmall) return buildRow(alert, sentAt, SMALLEST_FIELD_BYTES);
  const whole = buildRow(alert, sentAt, FIELD_BYTES);
  return jsonBytes(whole.row) <= ROW_BYTES ? whole : buildRow(alert, sentAt, SMALL_FIELD_BYTES);
}

function buildRow(alert: AlertJson, sentAt: number, fieldBytes: number): LogRow {
  const fields = fieldsOf(alert);
  const cuts: Record<string, { kept: number; of: number }> = {};
  const row: Record<string, unknown> = {};
  for (const { name, type } of ALERT_COLUMNS) {
    const value = Object.hasOwn(fields, name) ? toColumn(fields[name], type) : null;
    const cut = cutValue(value, fieldBytes);
    if (cut) cuts[name] = { kept: cut.kept, of: cut.of };
    row[name] = cut ? cut.value : value;
  }
  row.TimeGenerated = new Date(sentAt).toISOString();
  const cut = Object.keys(cuts).length > 0;
  row[CUT_FIELD] = cut ? cuts : null;
  return { row, cut };
}

function toColumn(value: unknown, type: ColumnType): unknown {
  if (value === undefined || value === null) return null;
  if (type === 'dynamic') return value;
  if (type === 'string') return typeof value === 'string' ? value : JSON.stringify(value);
  if (type === 'boolean') return value === true;
  if (type === 'int') return Number.isSafeInteger(value) ? value : null;
  return typeof value === 'string' && value !== '' ? value : null;
}
