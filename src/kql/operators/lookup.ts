import { defineOperator } from './define';
import { prepareJoin } from './join-core';

/** https://learn.microsoft.com/kusto/query/lookup-operator: a join that does not repeat the right side's key columns. */
export const lookup = defineOperator({
  name: 'lookup',
  prepare: (node, schema) => prepareJoin({ kind: node.kind, on: node.on, dropKeys: true }, node.right, schema),
});
