import { defineOperator } from './define';

/** https://learn.microsoft.com/kusto/query/count-operator */
export const countOperator = defineOperator({
  name: 'count',
  ignoresClock: true,
  needs: () => new Set(),
  asSummarize: (node) => ({
    op: 'summarize',
    aggregates: [{ fn: 'count', args: [], names: [node.name] }],
    by: [],
    stage: node.stage,
  }),
  origins: (node) => ({ others: 'gone', columns: [{ name: node.name, role: 'aggregate' }] }),
  prepare: (node) => ({ kind: 'table', schema: [{ name: node.name, type: 'long' }], run: (rows) => [[rows.length]] }),
});
