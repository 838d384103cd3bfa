import { defineOperator } from './define';
import { prepareJoin } from './join-core';

/**
 * https://learn.microsoft.com/kusto/query/join-operator. Rows come in the order of the left side, matches in that of the right, unmatched
 * right rows last. Null keys match nothing. `innerunique` keeps the first left row of a key. Clashing right columns are numbered.
 */
export const join = defineOperator({
  name: 'join',
  prepare: (node, schema) => prepareJoin({ kind: node.kind, on: node.on, dropKeys: false }, node.right, schema),
});
