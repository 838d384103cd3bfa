import { readByAll } from '../analysis/expressions';
import { union } from '../analysis/names';
import { defineOperator } from './define';
import { prepareSort } from './sort';
import { prepareCount } from './take';

/** https://learn.microsoft.com/kusto/query/top-operator: `sort`, then `take`. */
export const top = defineOperator({
  name: 'top',
  ignoresClock: true,
  needs: (node, wanted) => union(wanted, readByAll([node.count, ...node.by.map((key) => key.expr)])),
  keepsEmpty: () => true,
  followsKeys: (_, keys) => keys,
  text: (node, write) => `top ${write.expr(node.count)} by ${write.sortKeys(node.by)}`,
  prepare(node, schema, bind) {
    const sort = prepareSort(node.by, schema, bind);
    const count = prepareCount(node.count, bind);
    return { kind: 'table', schema, run: (rows, runtime) => sort(rows, runtime).slice(0, count(runtime)) };
  },
});
