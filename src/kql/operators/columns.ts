import { isHidden, type NamedExpr } from '../ir';
import type { RowOperator } from '../prepared';
import type { Schema } from '../values/types';

/** Whether a column name matches a pattern in which `*` stands for any text. Case-sensitive. */
export function matchesPattern(pattern: string, name: string): boolean {
  const parts = pattern.split('*');
  if (parts.length === 1) return pattern === name;
  const last = parts.pop()!;
  const first = parts.shift()!;
  if (!name.startsWith(first) || !name.endsWith(last) || name.length < first.length + last.length) return false;
  const end = name.length - last.length;
  let at = first.length;
  for (const part of parts) {
    const found = name.indexOf(part, at);
    if (found < 0 || found + part.length > end) return false;
    at = found + part.length;
  }
  return true;
}

/** Whether a visible column matches one of the patterns. */
export const matchesAny = (patterns: readonly string[], name: string): boolean =>
  !isHidden(name) && patterns.some((pattern) => matchesPattern(pattern, name));

/** The operator that keeps the columns at these positions, in this order. */
export function pick(schema: Schema, indexes: readonly number[]): RowOperator {
  return {
    kind: 'row',
    schema: indexes.map((index) => schema[index]!),
    map: (row) => indexes.map((index) => row[index]!),
  };
}

/** Columns of the input under the names that they have after an operator which does nothing else (see `OperatorFacts.cells`). */
export const sameCells = (names: readonly string[], renamed?: (name: string) => string): NamedExpr[] =>
  names.map((name) => ({ name: renamed?.(name) ?? name, expr: { k: 'col', name } }));

/** Positions of the columns that pass a test. */
export const positions = (schema: Schema, keep: (name: string) => boolean): number[] =>
  schema.flatMap(({ name }, index) => (keep(name) ? [index] : []));

/** A name that no column of `taken` has: `name`, else `name1`, `name2` …; it is added to `taken`. */
export function freeName(name: string, taken: Set<string>): string {
  let candidate = name;
  for (let i = 1; taken.has(candidate); i++) candidate = `${name}${i}`;
  taken.add(candidate);
  return candidate;
}

export const namesOf = (columns: readonly { readonly name: string }[]): string[] => columns.map(({ name }) => name);

/** The columns that `*` stands for. */
export const visibleColumns = (schema: Schema): NamedExpr[] =>
  schema.flatMap(({ name }) => (isHidden(name) ? [] : [{ name, expr: { k: 'col', name } as const }]));
