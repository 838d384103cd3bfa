import { coerce, prepareExpr } from '../expressions';
import type { Expr } from '../ir';
import type { Runtime } from '../runtime';
import { defineOperator } from './define';

/** A number of rows: never negative, 0 for null. */
export function prepareCount(expr: Expr): (runtime: Runtime) => number {
  const count = coerce(prepareExpr(expr, []), 'long');
  return (runtime) => {
    const value = count.eval([], runtime);
    return value === null ? 0 : Math.max(0, Number(value));
  };
}

/** https://learn.microsoft.com/kusto/query/take-operator. Which rows is left open there: the first in canonical order. */
export const take = defineOperator({
  name: 'take',
  prepare(node, schema) {
    const count = prepareCount(node.count);
    return { kind: 'table', schema, run: (rows, runtime) => rows.slice(0, count(runtime)) };
  },
});
