import type { ResultTable } from './alert';
import { canonicalJson } from './canonical';

/** Reads the cells of a result by column name, exact case as in KQL. */
export class ResultReader {
  readonly #indexes: ReadonlyMap<string, number>;

  constructor(readonly table: ResultTable) {
    this.#indexes = new Map(table.columns.map((column, index) => [column.name, index]));
  }

  /** Undefined for a column that the result does not have. */
  type(column: string): string | undefined {
    const index = this.#indexes.get(column);
    return index === undefined ? undefined : this.table.columns[index]?.type;
  }

  /** Null for null and for a column that the result does not have. */
  cell(row: readonly unknown[], column: string): unknown {
    const index = this.#indexes.get(column);
    return (index === undefined ? null : row[index]) ?? null;
  }

  /** The cell as text, trimmed; undefined where it is null, empty or only blanks. */
  text(row: readonly unknown[], column: string): string | undefined {
    return cellText(this.cell(row, column));
  }
}

/** A value as text: a string itself, a dynamic value as JSON. Undefined where it is null, empty or only blanks. */
export function cellText(value: unknown): string | undefined {
  if (value === null || value === undefined) return undefined;
  const text = (typeof value === 'object' ? canonicalJson(value) : String(value)).trim();
  return text === '' ? undefined : text;
}
