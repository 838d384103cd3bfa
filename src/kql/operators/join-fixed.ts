import type { OpOf, Source } from '../ir';
import type { Carried, RowChange } from './facts';
import { RENAMES } from './join-facts';

type Join = OpOf<'join' | 'lookup'>;
type Rows = Extract<Source, { kind: 'rows' }>;

const EACH_ROW: readonly Join['kind'][] = ['inner', 'leftouter', 'leftsemi', 'leftanti'];

/** The rows of the build that a join looks up; undefined where its other side is a query, or a list that is fetched anew. */
function fixedRows({ source, ops }: Join['right']): Rows | undefined {
  return source.kind === 'rows' && source.reference === undefined && ops.length === 0 ? source : undefined;
}

/** Whether what becomes of a left row is known from that row alone: the other side is rows of the build, and none of them is kept unmatched. */
export const isOnEachRow = ({ kind, right }: Pick<Join, 'kind' | 'right'>): boolean =>
  EACH_ROW.includes(kind) && fixedRows(right) !== undefined;

/** What a join with rows of the build does to the number of rows. */
export function fixedRowChange({ kind, on, right }: Join): RowChange {
  const rows = fixedRows(right);
  if (!rows || !EACH_ROW.includes(kind)) return 'any';
  if (kind === 'leftsemi' || kind === 'leftanti') return 'fewer';
  const places = on.map(({ right: key }) =>
    key.k === 'col' ? rows.columns.findIndex(({ name }) => name === key.name) : -1,
  );
  const keys = new Set(rows.rows.map((row) => JSON.stringify(places.map((place) => row[place]))));
  const isUnique = !places.includes(-1) && keys.size === rows.rows.length;
  if (!isUnique) return kind === 'leftouter' ? 'more' : 'any';
  return kind === 'leftouter' ? 'same' : 'fewer';
}

/** Columns that such a join brings, under every name that they may get; undefined: not known. */
export function fixedColumns({ kind, right }: Join): readonly string[] | undefined {
  const rows = fixedRows(right);
  if (!rows || !EACH_ROW.includes(kind)) return undefined;
  if (kind === 'leftsemi' || kind === 'leftanti') return [];
  return rows.columns.flatMap(({ name }) => Array.from({ length: RENAMES }, (_, i) => `${name}${i || ''}`));
}

/** No column of the left side is replaced: a right one of its name gets another. */
export const fixedKeeps = (node: Join): boolean => fixedColumns(node) !== undefined;

export function fixedCarries(node: Join): Carried | undefined {
  const written = fixedColumns(node);
  return written && { written };
}
