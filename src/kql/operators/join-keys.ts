import type { Expr, OpOf } from '../ir';
import type { JoinedSides } from './facts';

type Join = OpOf<'join' | 'lookup'>;
type Keys = readonly string[] | undefined;

const columnOf = (expr: Expr): string | undefined => (expr.k === 'col' ? expr.name : undefined);

/**
 * Columns that tell the rows of a join apart. A left row has one match where the keys of the right side are all joined on; otherwise the other
 * keys of the right side tell its matches apart. `innerunique` has one left row for each value of what is joined on.
 */
export function joinKeys({ op, kind, on, right }: Join, left: Keys, sides: JoinedSides): Keys {
  if (kind === 'leftsemi' || kind === 'leftanti') return left;
  const own = sides.keysOf(right);
  if (kind === 'rightsemi' || kind === 'rightanti') return own;
  const joined = new Set(columnsOf(on.map((pair) => pair.right)) ?? []);
  // Rows of the right side that match nothing have nulls in the columns of the left.
  const keepsUnmatched = kind === 'rightouter' || kind === 'fullouter';
  const others = own?.filter((key) => keepsUnmatched || !joined.has(key));
  const names = others && sides.rightNames(right, op === 'lookup' ? joined : new Set());
  const outer = others?.map((key) => names?.get(key));
  const base = kind === 'innerunique' ? (columnsOf(on.map((pair) => pair.left)) ?? left) : left;
  if (!base || !outer || outer.includes(undefined)) return undefined;
  return [...base, ...(outer as string[])];
}

function columnsOf(exprs: readonly Expr[]): Keys {
  const names = exprs.map(columnOf);
  return names.includes(undefined) ? undefined : (names as string[]);
}
