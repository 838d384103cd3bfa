import type { Expr } from '../ir';
import type { Growth, GrowthRules, Growths } from './facts';

/** Growth where columns are cut out of expressions: only out of what no event can change. */
export function addFixed(
  name: string,
  exprs: readonly Expr[],
  made: readonly string[],
  columns: Growths,
  growth: GrowthRules,
): Growths | string {
  if (growth.of(exprs, columns) !== 'fixed') return `'${name}' works on what more events can change`;
  return new Map([...columns, ...made.map((column): [string, Growth] => [column, 'fixed'])]);
}
