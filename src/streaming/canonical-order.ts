import { TIME_COLUMN } from '../kql/analysis/prune';
import type { Row, Schema } from '../kql/values/types';
import { hashRow } from './source-row';

/**
 * Source rows in canonical order: by TimeGenerated, then by content. Wherever Kusto leaves a choice or an order open, the first in this
 * order wins, so that the same events give the same answer however they were delivered.
 */
export function inCanonicalOrder(rows: readonly Row[], columns: Schema): Row[] {
  const time = columns.findIndex(({ name }) => name === TIME_COLUMN);
  const hashes = new Map<Row, string>();
  const hash = (row: Row): string => {
    let known = hashes.get(row);
    if (known === undefined) {
      known = hashRow(row, columns);
      hashes.set(row, known);
    }
    return known;
  };
  return [...rows].sort((a, b) => {
    const x = (a[time] as bigint | null) ?? -1n;
    const y = (b[time] as bigint | null) ?? -1n;
    if (x !== y) return x < y ? -1 : 1;
    const left = hash(a);
    const right = hash(b);
    return left < right ? -1 : left > right ? 1 : 0;
  });
}

/**
 * The place of a surviving row in canonical order as text: branch, time, content hash, then what tells equal rows apart, then the ordinal
 * among the rows that became of one event.
 */
export const orderText = (branch: number, ticks: bigint, hash: string, origin: string, ordinal: number): string =>
  `${String(branch).padStart(2, '0')}${ticks.toString(16).padStart(16, '0')}${hash}${origin}.${String(ordinal).padStart(9, '0')}`;
