import { canonicalJson } from '../../src/alerts/canonical';
import { parseDatetime } from '../../src/kql';
import type { PlainValue } from '../../src/rules/yaml-file';
import { isJson } from '../io/is-json';
import type { ExpectedRow } from './test-case';

/** A result row: columns by name, JSON values. */
export type ActualRow = Readonly<Record<string, unknown>>;

export interface Difference {
  readonly column: string;
  /** Absent: the row should not have the column. */
  readonly expected?: PlainValue;
  /** Absent: the row has no such column. */
  readonly actual?: unknown;
}

export interface RowComparison {
  /** Expected rows with the row that comes nearest, and what differs. */
  readonly different: readonly {
    readonly expected: ExpectedRow;
    readonly actual: ActualRow;
    readonly differences: readonly Difference[];
  }[];
  /** Expected rows without any row. */
  readonly missing: readonly ExpectedRow[];
  /** Rows that nothing expects. */
  readonly unexpected: readonly ActualRow[];
}

/** Compares rows in any order: as many as possible are matched, what is left is paired with what comes nearest. */
export function compareRows(
  expected: readonly ExpectedRow[],
  actual: readonly ActualRow[],
  exact: boolean,
): RowComparison {
  const all = expected.map((row) => actual.map((other) => differencesOf(row, other, exact)));
  const rowOf = matching(
    all.map((row) => row.flatMap((differences, i) => (differences.length === 0 ? [i] : []))),
    actual.length,
  );
  const free = new Set(actual.keys());
  for (const i of rowOf) if (i !== undefined) free.delete(i);
  const different: { expected: ExpectedRow; actual: ActualRow; differences: readonly Difference[] }[] = [];
  const missing: ExpectedRow[] = [];
  for (const [i, row] of expected.entries()) {
    if (rowOf[i] !== undefined) continue;
    const [nearest] = [...free].sort((a, b) => all[i]![a]!.length - all[i]![b]!.length);
    if (nearest === undefined) {
      missing.push(row);
      continue;
    }
    free.delete(nearest);
    different.push({ expected: row, actual: actual[nearest]!, differences: all[i]![nearest]! });
  }
  return { different, missing, unexpected: [...free].map((i) => actual[i]!) };
}

/** A largest matching (Kuhn): for each left side its right side. */
function matching(edges: readonly (readonly number[])[], rights: number): (number | undefined)[] {
  const leftOf: (number | undefined)[] = new Array<number | undefined>(rights).fill(undefined);
  const augment = (left: number, seen: Set<number>): boolean =>
    edges[left]!.some((right) => {
      if (seen.has(right)) return false;
      seen.add(right);
      const other = leftOf[right];
      if (other !== undefined && !augment(other, seen)) return false;
      leftOf[right] = left;
      return true;
    });
  for (const left of edges.keys()) augment(left, new Set());
  const rightOf: (number | undefined)[] = edges.map(() => undefined);
  leftOf.forEach((left, right) => {
    if (left !== undefined) rightOf[left] = right;
  });
  return rightOf;
}

function differencesOf({ columns }: ExpectedRow, actual: ActualRow, exact: boolean): Difference[] {
  const result: Difference[] = [];
  for (const [column, value] of columns) {
    if (!Object.hasOwn(actual, column)) result.push({ column, expected: value });
    else if (!isSame(value, actual[column])) result.push({ column, expected: value, actual: actual[column] });
  }
  if (exact)
    for (const column of Object.keys(actual)) if (!columns.has(column)) result.push({ column, actual: actual[column] });
  return result;
}

/** Whether a value is what was written: text by text, times by the time that they mean. */
export function isSame(expected: PlainValue, actual: unknown): boolean {
  if (expected === null || actual === null || actual === undefined) return expected === (actual ?? null);
  if (typeof expected === 'string') {
    if (typeof actual === 'object')
      return isJson(expected) && canonicalJson(JSON.parse(expected)) === canonicalJson(actual);
    if (String(actual) === expected) return true;
    if (typeof actual === 'number') return expected.trim() !== '' && Number(expected) === actual;
    if (typeof actual !== 'string' || !/^\d{4}-\d\d-\d\dT/.test(actual)) return false;
    const time = parseDatetime(expected);
    return time !== null && time === parseDatetime(actual);
  }
  if (Array.isArray(expected))
    return (
      Array.isArray(actual) && actual.length === expected.length && expected.every((item, i) => isSame(item, actual[i]))
    );
  if (typeof actual !== 'object' || Array.isArray(actual)) return false;
  const names = Object.keys(expected);
  return (
    names.length === Object.keys(actual).length &&
    names.every((name) => Object.hasOwn(actual, name) && isSame(expected[name]!, (actual as ActualRow)[name]))
  );
}
