import { readByAll } from '../analysis/expressions';
import { union, without } from '../analysis/names';
import type { Column, Row, Schema } from '../values/types';
import { namesOf } from './columns';
import { defineOperator } from './define';

/**
 * https://learn.microsoft.com/kusto/query/extend-operator. Every expression reads the input row: a name that is defined anew keeps its
 * old value for the others. An existing column is replaced at its place.
 */
export const extend = defineOperator({
  name: 'extend',
  ignoresClock: true,
  onArrival: () => true,
  rows: () => 'same',
  canWait: true,
  writes: (node) => namesOf(node.columns),
  carries: (node) => ({ written: namesOf(node.columns) }),
  needs: (node, wanted) =>
    union(without(wanted, namesOf(node.columns)), readByAll(node.columns.map((column) => column.expr))),
  grows: (node, columns, growth) => new Map([...columns, ...growth.named(node.columns, columns)]),
  keepsEmpty: () => true,
  mayGoEmpty: true,
  followsKeys: (node, keys) => (node.columns.some(({ name }) => keys.includes(name)) ? undefined : keys),
  text: (node, write) => `extend ${write.columns(node.columns)}`,
  origins: (node) => ({ others: 'same', columns: node.columns }),
  prepare(node, schema, bind) {
    const output: Column[] = [...schema];
    const cells = node.columns.map(({ name, expr }) => {
      const prepared = bind.expr(expr, schema);
      return { index: place(output, { name, type: prepared.type }), eval: prepared.eval };
    });
    return {
      kind: 'row',
      schema: output as Schema,
      map(row, runtime) {
        const result: Row = row.slice();
        for (const cell of cells) result[cell.index] = cell.eval(row, runtime);
        return result;
      },
    };
  },
});

/** Puts a column where one of its name stands, else at the end; its position. Changes `columns`. */
export function place(columns: Column[], column: Column): number {
  const found = columns.findIndex(({ name }) => name === column.name);
  const index = found < 0 ? columns.length : found;
  columns[index] = column;
  return index;
}
