import { KqlError } from '../errors';
import type { Source } from '../ir';
import type { DataBoundOperator, PreparedPipeline, TableOperator } from '../prepared';
import { encodeValue } from '../values/codec';
import { keyText } from '../values/compare';
import { nullOf, type Row, type Schema, type Table, type Value } from '../values/types';
import { defineOperator } from './define';
import { isOfPart, planOfPart } from './partition-plan';
import { combineTables } from './union';

/** Most partitions where the subquery is bound anew for each. */
const MAX_BOUND = 64;

/** https://learn.microsoft.com/kusto/query/partition-operator. Partitions come in the order of their first row. */
export const partition = defineOperator({
  name: 'partition',
  ignoresClock: true,
  subquery: (node) => node.sub,
  keepsEmpty: () => true,
  prepare(node, schema, bind): TableOperator | DataBoundOperator {
    const by = bind.expr(node.by, schema);
    const isBoundAnew = isOfPart(node.sub, bind);
    const subFor = (key: Value, rows: readonly Row[]): PreparedPipeline =>
      bind.pipeline(
        isBoundAnew
          ? planOfPart(node.sub, bind, {
              key: { k: 'lit', t: by.type, v: encodeValue(key, by.type) },
              rows: rowsSource(schema, rows),
            })
          : node.sub,
        schema,
      );
    const sub = subFor(nullOf(by.type), []);
    const run: DataBoundOperator['run'] = (rows, runtime): Table => {
      const parts = new Map<string, { key: Value; rows: Row[] }>();
      for (const row of rows) {
        const key = by.eval(row, runtime);
        const text = keyText(key, by.type);
        const part = parts.get(text);
        if (part) part.rows.push(row);
        else parts.set(text, { key, rows: [row] });
      }
      if (isBoundAnew && parts.size > MAX_BOUND)
        throw new KqlError('run', `partition: more than ${MAX_BOUND} values of the column`);
      const tables = [...parts.values()].map((part) =>
        (isBoundAnew ? subFor(part.key, part.rows) : sub).run(runtime, part.rows),
      );
      return sub.schema ? { schema: sub.schema, rows: tables.flatMap((table) => table.rows) } : combineTables(tables);
    };
    if (!sub.schema) return { kind: 'dataBound', run };
    return { kind: 'table', schema: sub.schema, run: (rows, runtime) => run(rows, runtime).rows };
  },
});

const rowsSource = (schema: Schema, rows: readonly Row[]): Source => ({
  kind: 'rows',
  columns: schema,
  rows: rows.map((row) => schema.map(({ type }, i) => encodeValue(row[i]!, type))),
});
