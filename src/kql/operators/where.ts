import { readBy } from '../analysis/expressions';
import { union } from '../analysis/names';
import { coerce } from '../calls';
import { defineOperator } from './define';

/** https://learn.microsoft.com/kusto/query/where-operator: keeps only rows for which the predicate is true, not null. */
export const where = defineOperator({
  name: 'where',
  ignoresClock: true,
  onArrival: () => true,
  rows: () => 'fewer',
  condition: (node) => node.cond,
  writes: () => [],
  carries: () => ({ written: [] }),
  needs: (node, wanted) => union(wanted, readBy(node.cond)),
  grows: (node, columns, growth) =>
    growth.staysTrue(node.cond, columns) ? columns : 'it filters on what more events can change',
  keepsEmpty: () => true,
  mayGoEmpty: true,
  followsKeys: (_, keys) => keys,
  text: (node, write) => `where ${write.expr(node.cond)}`,
  prepare(node, schema, bind) {
    const condition = coerce(bind.expr(node.cond, schema), 'bool');
    return { kind: 'row', schema, map: (row, runtime) => (condition.eval(row, runtime) === true ? row : null) };
  },
});
