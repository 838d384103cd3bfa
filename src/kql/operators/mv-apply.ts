import { preparePipeline } from '../pipeline';
import type { Row, Schema, Table } from '../values/types';
import { defineOperator, type ExpandOperator, type LateOperator } from './define';
import { prepareExpansion } from './expansion';
import { combineTables } from './union';

/**
 * https://learn.microsoft.com/kusto/query/mv-apply-operator. Each row is expanded, the subquery runs over the rows of one, and its output
 * stands beside the columns that were not expanded; an output column with the name of one takes its place. A row that expands to
 * nothing gives nothing.
 */
export const mvApply = defineOperator({
  name: 'mv-apply',
  prepare(node, schema): ExpandOperator | LateOperator {
    const expansion = prepareExpansion({ ...node, bagAsArray: false }, schema);
    const sub = preparePipeline(node.sub, expansion.schema);
    const expanded = new Set(node.columns.map(({ name }) => name));
    const compose = (output: Schema): Layout => layout(schema, expanded, output);
    if (sub.schema) {
      const known = compose(sub.schema);
      return {
        kind: 'expand',
        schema: known.schema,
        expand(row, runtime) {
          const rows = expansion.expand(row, runtime);
          return rows.length === 0 ? [] : sub.run(runtime, rows).rows.map((result) => known.join(row, result));
        },
      };
    }
    return {
      kind: 'late',
      run(rows, runtime): Table {
        const tables: Table[] = [{ schema: compose([]).schema, rows: [] }];
        for (const row of rows) {
          const items = expansion.expand(row, runtime);
          if (items.length === 0) continue;
          const table = sub.run(runtime, items);
          const output = compose(table.schema);
          tables.push({ schema: output.schema, rows: table.rows.map((result) => output.join(row, result)) });
        }
        return combineTables(tables);
      },
    };
  },
});

interface Layout {
  readonly schema: Schema;
  join(row: Row, result: Row): Row;
}

function layout(input: Schema, expanded: ReadonlySet<string>, output: Schema): Layout {
  const kept = input.flatMap((column, index) => (expanded.has(column.name) ? [] : [{ column, index }]));
  const own = kept.map(({ column, index }) => {
    const replaced = output.findIndex(({ name }) => name === column.name);
    return replaced < 0
      ? { column, get: (row: Row) => row[index]! }
      : { column: output[replaced]!, get: (_: Row, result: Row) => result[replaced]! };
  });
  const names = new Set(kept.map(({ column }) => column.name));
  const added = output.flatMap((column, index) =>
    names.has(column.name) ? [] : [{ column, get: (_: Row, result: Row) => result[index]! }],
  );
  const cells = [...own, ...added];
  return {
    schema: cells.map(({ column }) => column),
    join: (row, result) => cells.map(({ get }) => get(row, result)),
  };
}
