import { union, without } from '../analysis/names';
import { namesOf } from './columns';
import { defineOperator } from './define';
import { prepareExpansion, readByExpansion } from './expansion';
import { addFixed } from './growth';

/** https://learn.microsoft.com/kusto/query/mv-expand-operator. Several columns go in parallel, the shorter filled with null. */
export const mvExpand = defineOperator({
  name: 'mv-expand',
  ignoresClock: true,
  onArrival: () => true,
  rows: () => 'more',
  writes: (node) => [...namesOf(node.columns), ...(node.indexName ? [node.indexName] : [])],
  needs: (node, wanted) => union(without(wanted, namesOf(node.columns)), readByExpansion(node)),
  grows: (node, columns, growth) =>
    addFixed(
      node.op,
      node.columns.map(({ expr }) => expr),
      namesOf(node.columns),
      columns,
      growth,
    ),
  keepsEmpty: () => true,
  text: (node, write) => `mv-expand ${write.columns(node.columns)}`,
  origins: (node) => ({ others: 'same', columns: node.columns }),
  prepare(node, schema, bind) {
    const expansion = prepareExpansion(node, schema, bind);
    return { kind: 'expand', schema: expansion.schema, expand: expansion.expand };
  },
});
