import { defineOperator } from './define';
import { prepareSort } from './sort';
import { prepareCount } from './take';

/** https://learn.microsoft.com/kusto/query/top-operator: `sort`, then `take`. */
export const top = defineOperator({
  name: 'top',
  prepare(node, schema) {
    const sort = prepareSort(node.by, schema);
    const count = prepareCount(node.count);
    return { kind: 'table', schema, run: (rows, runtime) => sort(rows, runtime).slice(0, count(runtime)) };
  },
});
