import { readBy } from '../analysis/expressions';
import { union } from '../analysis/names';
import { coerce } from '../calls';
import type { Expr } from '../ir';
import type { Binder } from '../prepared';
import type { Runtime } from '../runtime';
import { defineOperator } from './define';

/** A number of rows: never negative, 0 for null. */
export function prepareCount(expr: Expr, bind: Binder): (runtime: Runtime) => number {
  const count = coerce(bind.expr(expr, []), 'long');
  return (runtime) => {
    const value = count.eval([], runtime);
    return value === null ? 0 : Math.max(0, Number(value));
  };
}

/** https://learn.microsoft.com/kusto/query/take-operator. Which rows is left open there: the first in canonical order. */
export const take = defineOperator({
  name: 'take',
  ignoresClock: true,
  needs: (node, wanted) => union(wanted, readBy(node.count)),
  keepsEmpty: () => true,
  followsKeys: (_, keys) => keys,
  text: (node, write) => `take ${write.expr(node.count)}`,
  prepare(node, schema, bind) {
    const count = prepareCount(node.count, bind);
    return { kind: 'table', schema, run: (rows, runtime) => rows.slice(0, count(runtime)) };
  },
});
