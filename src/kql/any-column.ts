import type { Expr } from './ir';
import type { Column } from './values/types';

/** `* has "x"`: whether any of the columns does, as text; none of none. */
export function anyColumn(columns: readonly Column[], fn: string, right: Expr, at?: number): Expr {
  const place = at === undefined ? {} : { at };
  const tests = columns.map(({ name, type }): Expr => {
    const column: Expr = { k: 'col', name, ...place };
    const left: Expr = type === 'string' ? column : { k: 'call', fn: 'tostring', args: [column] };
    return { k: 'call', fn, args: [left, right], ...place };
  });
  return { k: 'call', fn: 'or', args: tests.length > 0 ? tests : [{ k: 'lit', t: 'bool', v: false }], ...place };
}
