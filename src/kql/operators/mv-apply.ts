import { union, without } from '../analysis/names';
import type { DataBoundOperator, ExpandOperator } from '../prepared';
import type { Row, Schema, Table } from '../values/types';
import { namesOf } from './columns';
import { defineOperator } from './define';
import { prepareExpansion, readByExpansion } from './expansion';
import { combineTables } from './union';

/**
 * https://learn.microsoft.com/kusto/query/mv-apply-operator. Each row is expanded, the subquery runs over the rows of one, and its output
 * stands beside the columns that were not expanded; an output column with the name of one takes its place. A row that expands to
 * nothing gives nothing.
 */
export const mvApply = defineOperator({
  name: 'mv-apply',
  ignoresClock: true,
  onArrival: () => true,
  // The subquery may drop all that a row expands to.
  rows: () => 'fewer',
  subquery: (node) => node.sub,
  inner: 'for each element',
  needs: (node, wanted, bind) =>
    union(
      without(bind.needs(node.sub.ops, wanted), namesOf(node.columns)),
      without(wanted, namesOf(node.columns)),
      readByExpansion(node),
    ),
  keepsEmpty: () => true,
  text: (node, write) => `mv-apply ${write.columns(node.columns)} on (${write.pipeline(node.sub)})`,
  origins: (node) => ({ others: 'same', columns: node.columns }),
  prepare(node, schema, bind): ExpandOperator | DataBoundOperator {
    const expansion = prepareExpansion({ ...node, bagAsArray: false }, schema, bind);
    const sub = bind.pipeline(node.sub, expansion.schema);
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
      kind: 'dataBound',
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
