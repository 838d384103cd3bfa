import { readByAll } from '../analysis/expressions';
import { KqlError } from '../errors';
import { groupKey } from '../values/compare';
import type { Row } from '../values/types';
import { visibleColumns } from './columns';
import { defineOperator } from './define';

/** https://learn.microsoft.com/kusto/query/distinct-operator. Rows come in the order of their first appearance. */
export const distinct = defineOperator({
  name: 'distinct',
  ignoresClock: true,
  needs: (node) => (node.columns === undefined ? 'all' : readByAll(node.columns.map((column) => column.expr))),
  keepsEmpty: () => true,
  mayGoEmpty: true,
  asSummarize: (node, schema) => ({
    op: 'summarize',
    aggregates: [],
    by: node.columns ?? visibleColumns(schema),
    stage: node.stage,
  }),
  groupKeys: (node) => node.columns?.map(({ name }) => name) ?? 'all',
  text: (node, write) => `distinct ${node.columns ? write.columns(node.columns) : '*'}`,
  origins: ({ columns }) =>
    columns
      ? { others: 'gone', columns: columns.map((column) => ({ ...column, role: 'key' })) }
      : { others: 'same', columns: [] },
  prepare(node, schema, bind) {
    const columns = node.columns ?? visibleColumns(schema);
    const prepared = columns.map(({ name, expr }) => ({ name, ...bind.expr(expr, schema) }));
    const types = prepared.map(({ type }) => type);
    return {
      kind: 'table',
      schema: prepared.map(({ name, type }) => ({ name, type })),
      run(rows, runtime) {
        const seen = new Set<string>();
        const result: Row[] = [];
        for (const row of rows) {
          const cells = prepared.map((column) => column.eval(row, runtime));
          const key = groupKey(cells, types);
          if (seen.has(key)) continue;
          if (seen.size >= runtime.maxRows)
            throw new KqlError('run', `distinct holds more than ${runtime.maxRows} rows`);
          seen.add(key);
          result.push(cells);
        }
        return result;
      },
    };
  },
});
