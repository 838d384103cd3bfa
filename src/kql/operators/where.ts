import { coerce, prepareExpr } from '../expressions';
import { defineOperator } from './define';

/** https://learn.microsoft.com/kusto/query/where-operator: keeps only rows for which the predicate is true, not null. */
export const where = defineOperator({
  name: 'where',
  prepare(node, schema) {
    const condition = coerce(prepareExpr(node.cond, schema), 'bool');
    return { kind: 'row', schema, map: (row, runtime) => (condition.eval(row, runtime) === true ? row : null) };
  },
});
