/**
 * Something that every row matching a rule has. A rule is a conjunction of them; leaving one out is always safe.
 *
 * - `table`: the row is of this table.
 * - `number`: the numeric column `column` of the row holds one of `values` (integers; so it is not null).
 * - `literal`: some string column of the row contains `text`, in the row as decoded.
 */
export type Requirement =
  | { kind: 'table'; name: string }
  | { kind: 'number'; column: string; values: readonly number[] }
  | { kind: 'literal'; text: string; caseSensitive: boolean };
