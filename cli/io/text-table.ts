import { printable } from '../../src/alerts/print';

/** Widest cell shown unless told, characters. */
const WIDEST = 60;

/** Rows as an aligned table for reading; control characters of values are neutralised, long values cut visibly. */
export function textTable(
  header: readonly string[],
  rows: readonly (readonly unknown[])[],
  widest: number = WIDEST,
): string {
  const cells = [header.slice(), ...rows.map((row) => row.map((value) => cellText(value, widest)))];
  const widths = header.map((_, i) => Math.max(...cells.map((row) => [...(row[i] ?? '')].length)));
  const line = (row: readonly string[]): string =>
    row
      .map((cell, i) => cell + ' '.repeat(widths[i]! - [...cell].length))
      .join('  ')
      .trimEnd();
  return [line(cells[0]!), line(widths.map((width) => '-'.repeat(width))), ...cells.slice(1).map(line)].join('\n');
}

function cellText(value: unknown, widest: number): string {
  const text = value === null ? '' : typeof value === 'string' ? value : JSON.stringify(value);
  const shown = [...printable(text)];
  return shown.length > widest ? `${shown.slice(0, widest - 1).join('')}…` : shown.join('');
}
