import { KqlError } from '../errors';
import { prepareExpr } from '../expressions';
import { isHidden } from '../ir';
import { groupKey } from '../values/compare';
import type { Row } from '../values/types';
import { defineOperator } from './define';

/** https://learn.microsoft.com/kusto/query/distinct-operator. Rows come in the order of their first appearance. */
export const distinct = defineOperator({
  name: 'distinct',
  prepare(node, schema) {
    const columns =
      node.columns ??
      schema.flatMap(({ name }) => (isHidden(name) ? [] : [{ name, expr: { k: 'col', name } as const }]));
    const prepared = columns.map(({ name, expr }) => ({ name, ...prepareExpr(expr, schema) }));
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
