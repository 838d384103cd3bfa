import type { Expr } from '../kql/ir';
import type { Column } from '../kql/values/types';

/** `* has "x"`: whether any of the columns does, as text. */
export function anyColumn(columns: readonly Column[], fn: string, right: Expr, at: number): Expr {
  const tests = columns.map(({ name, type }): Expr => {
    const column: Expr = { k: 'col', name, at };
    const left: Expr = type === 'string' ? column : { k: 'call', fn: 'tostring', args: [column] };
    return { k: 'call', fn, args: [left, right], at };
  });
  return { k: 'call', fn: 'or', args: tests, at };
}
