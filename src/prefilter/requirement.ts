/**
 * Something that every row matching a rule has. A rule is a conjunction of them; leaving one out is always safe.
 *
 * - `table`: the row is of this table.
 * - `number`: the numeric column `column` of the row holds one of `values` (integers; so it is not null).
 * - `literal`: some string column of the row contains `text`, in the row as decoded. `xml`: XML in some
 *   column says the text, which may be written in another way there.
 * - `any`: one of these.
 */
export type Requirement = { kind: 'table'; name: string } | Atom | { kind: 'any'; of: readonly Atom[] };

export type Atom =
  | { kind: 'number'; column: string; values: readonly number[] }
  | { kind: 'literal'; text: string; caseSensitive: boolean; xml?: true };

/** What the rows of a leg have: all of one of these lists. */
export type LegRequirements = readonly (readonly Requirement[])[];
