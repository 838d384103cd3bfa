import { canonicalJson } from '../../src/alerts/canonical';
import { printable } from '../../src/alerts/print';
import type { PlainValue } from '../../src/rules/yaml-file';
import type { ActualRow } from './compare';
import type { CaseResult } from './run-case';
import type { TestCase } from './test-case';

const WIDTH = 160;
const MOST_ROWS = 5;

/** What is wrong with the result of a case, line by line: `-` was expected, `+` came. */
export function failureLines(test: TestCase, result: CaseResult): string[] {
  const lines = [
    `expected ${rowCount(test.count)}, got ${rowCount(result.rows.length)} (batches cut by seed ${result.seed})`,
  ];
  for (const fault of result.faults) lines.push(`! ${printable(fault, WIDTH * 2)}`);
  for (const { expected, differences } of result.different) {
    lines.push(`row of line ${expected.at.line} differs:`);
    const width = Math.max(...differences.map(({ column }) => column.length));
    for (const item of differences) {
      const label = printable(item.column, 40).padEnd(Math.min(40, width));
      lines.push(`  ${label} - ${'expected' in item ? written(item.expected) : '(no such column)'}`);
      lines.push(`  ${' '.repeat(label.length)} + ${'actual' in item ? value(item.actual) : '(no such column)'}`);
    }
  }
  for (const row of result.missing)
    lines.push(`- row of line ${row.at.line} did not come: ${rowText(Object.fromEntries(row.columns))}`);
  for (const row of result.unexpected.slice(0, MOST_ROWS)) lines.push(`+ row that nothing expects: ${rowText(row)}`);
  if (result.unexpected.length > MOST_ROWS) lines.push(`+ and ${result.unexpected.length - MOST_ROWS} more`);
  return lines;
}

export const rowCount = (count: number): string => (count === 0 ? 'no row' : count === 1 ? '1 row' : `${count} rows`);

const written = (expected: PlainValue | undefined): string =>
  expected === null || expected === undefined ? 'null' : value(expected);
const value = (item: unknown): string =>
  printable(typeof item === 'string' ? JSON.stringify(item) : canonicalJson(item), WIDTH);
const rowText = (row: ActualRow): string =>
  printable(
    Object.entries(row)
      .map(([name, item]) => `${name}=${typeof item === 'string' ? JSON.stringify(item) : canonicalJson(item)}`)
      .join(' '),
    WIDTH * 4,
  );
