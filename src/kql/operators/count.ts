import { defineOperator } from './define';

/** https://learn.microsoft.com/kusto/query/count-operator */
export const countOperator = defineOperator({
  name: 'count',
  prepare: (node) => ({ kind: 'table', schema: [{ name: node.name, type: 'long' }], run: (rows) => [[rows.length]] }),
});
