import { readByAll } from '../analysis/expressions';
import { type Names, union } from '../analysis/names';
import { HIDDEN_PREFIX, isHidden } from '../ir';
import { defineOperator } from './define';

/** https://learn.microsoft.com/kusto/query/project-operator. Hidden columns stay, unless the node names them itself. */
export const project = defineOperator({
  name: 'project',
  ignoresClock: true,
  onArrival: () => true,
  rows: () => 'same',
  keeps: (node, column) =>
    node.columns.some(({ name, expr }) => name === column && expr.k === 'col' && expr.name === column),
  needs: (node, wanted) => union(hiddenOf(wanted), readByAll(node.columns.map((column) => column.expr))),
  grows: (node, columns, growth) => growth.named(node.columns, columns),
  keepsEmpty: () => true,
  mayGoEmpty: true,
  followsKeys(node, keys) {
    const names = keys.map((key) => node.columns.find(({ expr }) => expr.k === 'col' && expr.name === key)?.name);
    return names.every((name) => name !== undefined) ? names : undefined;
  },
  text: (node, write) => `project ${write.columns(node.columns)}`,
  origins: (node) => ({
    others: 'gone',
    // A column that only stays is not made here.
    columns: node.columns.map((column) => ({
      ...column,
      stays: column.expr.k === 'col' && column.expr.name === column.name,
    })),
  }),
  prepare(node, schema, bind) {
    const cells = node.columns.map(({ name, expr }) => ({ name, ...bind.expr(expr, schema) }));
    const evals = cells.map((cell) => cell.eval);
    const output = cells.map(({ name, type }) => ({ name, type }));
    schema.forEach((column, index) => {
      if (!isHidden(column.name) || output.some(({ name }) => name === column.name)) return;
      output.push(column);
      evals.push((row) => row[index]!);
    });
    return { kind: 'row', schema: output, map: (row, runtime) => evals.map((evaluate) => evaluate(row, runtime)) };
  },
});

const hiddenOf = (wanted: Names): Names =>
  wanted === 'all' ? new Set<string>() : new Set([...wanted].filter((name) => name.startsWith(HIDDEN_PREFIX)));
