import { readByAll } from '../analysis/expressions';
import { type Names, union } from '../analysis/names';
import type { OpOf } from '../ir';
import type { Binder } from '../prepared';
import type { Growth, GrowthRules, Growths, TextWriter } from './facts';

type Join = OpOf<'join' | 'lookup'>;

/** Columns of one name that differ by a number only, at most. */
export const RENAMES = 10;

/**
 * A join renames clashing columns of its right side, so a column may only be left out of the left side if the right one has none of that
 * name, and none that it would be renamed to: `k`, `k1` joined with `k` gives `k2`.
 */
export function joinNeeds(node: Join, wanted: Names, bind: Binder): Names {
  const right = bind.pipeline(node.right).schema;
  if (!right || wanted === 'all') return 'all';
  const renamed = right.flatMap(({ name }) => Array.from({ length: RENAMES }, (_, i) => `${name}${i || ''}`));
  return union(wanted, readByAll(node.on.map((pair) => pair.left)), new Set(renamed));
}

/** More events on either side only add rows to an inner or semi join on what they cannot change. */
export function joinGrows(node: OpOf<'join'>, columns: Growths, growth: GrowthRules): Growths | string {
  if (node.kind !== 'inner' && node.kind !== 'leftsemi')
    return `a join of kind ${node.kind} can lose rows to more events`;
  const right = growth.pipeline(node.right);
  const isFixed = node.on.every(
    (pair) => growth.of([pair.left], columns) === 'fixed' && growth.of([pair.right], right) === 'fixed',
  );
  if (!isFixed) return 'it joins on what more events can change';
  return new Map([
    ...[...right].map(([name, own]): [string, Growth] => [columns.has(name) ? `${name}1` : name, own]),
    ...columns,
  ]);
}

export function joinText({ op, kind, right, on }: Join, write: TextWriter): string {
  const pairs = on.map((pair) => `${write.expr(pair.left)} == ${write.expr(pair.right)}`);
  return `${op} kind=${kind} (${write.pipeline(right)}) on ${pairs.join(', ')}`;
}
