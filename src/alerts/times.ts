import type { ResultTable, RunWindow } from './alert';
import { ResultReader } from './cell';

const START_COLUMNS = ['StartTime', 'StartTimeUtc', 'min_TimeGenerated', 'TimeGenerated'];
const END_COLUMNS = ['EndTime', 'EndTimeUtc', 'max_TimeGenerated', 'TimeGenerated'];

/**
 * First and last event of an alert over some rows. Sentinel says: the TimeGenerated of the first and last event captured
 * by the query. A summarized result no longer has it, but rules name what is left of it in a few ways: see
 * `Alert.StartTime`. Without any, the window itself.
 */
export function eventTimes(table: ResultTable, rows: readonly (readonly unknown[])[], window: RunWindow): RunWindow {
  const reader = new ResultReader(table);
  const start = firstWithValue(reader, START_COLUMNS, rows)?.at(0) ?? window.start;
  const end = firstWithValue(reader, END_COLUMNS, rows)?.at(-1) ?? window.end;
  return start <= end ? { start, end } : { start: end, end: start };
}

/** Sorted values of the first of the columns that is a datetime and has any. In this format, text order is time order. */
function firstWithValue(
  reader: ResultReader,
  columns: readonly string[],
  rows: readonly (readonly unknown[])[],
): string[] | undefined {
  for (const column of columns) {
    if (reader.type(column) !== 'datetime') continue;
    const values = rows
      .map((row) => reader.cell(row, column))
      .filter((value): value is string => typeof value === 'string');
    if (values.length > 0) return values.sort();
  }
  return undefined;
}

/** Milliseconds as .NET writes a TimeSpan: `01:00:00`, `14.00:00:00`. */
export function formatTimeSpan(ms: number): string {
  const seconds = Math.floor(ms / 1_000);
  const two = (value: number) => String(value).padStart(2, '0');
  const days = Math.floor(seconds / 86_400);
  const clock = [Math.floor(seconds / 3_600) % 24, Math.floor(seconds / 60) % 60, seconds % 60].map(two).join(':');
  return days === 0 ? clock : `${days}.${clock}`;
}
