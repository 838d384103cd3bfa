import { defineOperator } from './define';
import { prepareExpansion } from './expansion';

/** https://learn.microsoft.com/kusto/query/mv-expand-operator. Several columns go in parallel, the shorter filled with null. */
export const mvExpand = defineOperator({
  name: 'mv-expand',
  prepare(node, schema) {
    const expansion = prepareExpansion(node, schema);
    return { kind: 'expand', schema: expansion.schema, expand: expansion.expand };
  },
});
