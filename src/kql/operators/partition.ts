import { prepareExpr } from '../expressions';
import { preparePipeline } from '../pipeline';
import { keyText } from '../values/compare';
import type { Row, Table } from '../values/types';
import { defineOperator, type LateOperator, type TableOperator } from './define';
import { combineTables } from './union';

/** https://learn.microsoft.com/kusto/query/partition-operator. Partitions come in the order of their first row. */
export const partition = defineOperator({
  name: 'partition',
  prepare(node, schema): TableOperator | LateOperator {
    const by = prepareExpr(node.by, schema);
    const sub = preparePipeline(node.sub, schema);
    const run: LateOperator['run'] = (rows, runtime): Table => {
      const parts = new Map<string, Row[]>();
      for (const row of rows) {
        const key = keyText(by.eval(row, runtime), by.type);
        const part = parts.get(key);
        if (part) part.push(row);
        else parts.set(key, [row]);
      }
      const tables = [...parts.values()].map((part) => sub.run(runtime, part));
      return sub.schema ? { schema: sub.schema, rows: tables.flatMap((table) => table.rows) } : combineTables(tables);
    };
    if (!sub.schema) return { kind: 'late', run };
    return { kind: 'table', schema: sub.schema, run: (rows, runtime) => run(rows, runtime).rows };
  },
});
