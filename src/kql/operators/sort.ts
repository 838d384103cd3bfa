import { readByAll } from '../analysis/expressions';
import { union } from '../analysis/names';
import type { SortKey } from '../ir';
import type { Binder, PreparedExpr } from '../prepared';
import type { Runtime } from '../runtime';
import { compareValues } from '../values/compare';
import type { Row, Schema, Value } from '../values/types';
import { defineOperator } from './define';

/** null, then NaN, are at the end that `nulls first` or `nulls last` names; everything else between. */
const rank = (value: Value): number => (value === null ? 0 : Number.isNaN(value as number) ? 1 : 2);
const rankOf = (value: Value): number => (typeof value === 'number' || value === null ? rank(value) : 2);

function compareKey(a: Value, b: Value, key: SortKey): number {
  const x = rankOf(a);
  const y = rankOf(b);
  if (x !== y) return key.nullsFirst ? x - y : y - x;
  if (x < 2) return 0;
  const order = compareValues(a, b);
  return key.desc ? -order : order;
}

/** Sorts rows, stably, into a new array. Throws KqlError when it is prepared: an unknown column. */
export function prepareSort(
  by: readonly SortKey[],
  schema: Schema,
  bind: Binder,
): (rows: readonly Row[], runtime: Runtime) => Row[] {
  const keys: readonly PreparedExpr[] = by.map(({ expr }) => bind.expr(expr, schema));
  return (rows, runtime) => {
    const decorated = rows.map((row) => ({ row, cells: keys.map((key) => key.eval(row, runtime)) }));
    decorated.sort((a, b) => {
      for (let i = 0; i < by.length; i++) {
        const order = compareKey(a.cells[i]!, b.cells[i]!, by[i]!);
        if (order !== 0) return order;
      }
      return 0;
    });
    return decorated.map(({ row }) => row);
  };
}

/** https://learn.microsoft.com/kusto/query/sort-operator. Stable, so that ties stay in canonical order. */
export const sort = defineOperator({
  name: 'sort',
  ignoresClock: true,
  needs: (node, wanted) => union(wanted, readByAll(node.by.map((key) => key.expr))),
  grows: (_, columns) => columns,
  keepsEmpty: () => true,
  followsKeys: (_, keys) => keys,
  text: (node, write) => `sort by ${write.sortKeys(node.by)}`,
  prepare: (node, schema, bind) => ({ kind: 'table', schema, run: prepareSort(node.by, schema, bind) }),
});
