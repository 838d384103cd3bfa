import { printable } from '../../src/alerts/print';

/** Widest cell shown, characters. */
const WIDEST = 60;

/** Rows as an aligned table for reading; control characters of values are neutralised, long values cut visibly. */
export function textTable(header: readonly string[], rows: readonly (readonly unknown[])[]): string {
  const cells = [header.slice(), ...rows.map((row) => row.map(cellText))];
  const widths = header.map((_, i) => Math.max(...cells.map((row) => [...(row[i] ?? '')].length)));
  const line = (row: readonly string[]): string =>
    row
      .map((cell, i) => cell + ' '.repeat(widths[i]! - [...cell].length))
      .join('  ')
      .trimEnd();
  return [line(cells[0]!), line(widths.map((width) => '-'.repeat(width))), ...cells.slice(1).map(line)].join('\n');
}

function cellText(value: unknown): string {
  const text = value === null ? '' : typeof value === 'string' ? value : JSON.stringify(value);
  const shown = [...printable(text)];
  return shown.length > WIDEST ? `${shown.slice(0, WIDEST - 1).join('')}…` : shown.join('');
}
