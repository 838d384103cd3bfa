import { prepareExpr } from '../expressions';
import { isHidden } from '../ir';
import { defineOperator } from './define';

/** https://learn.microsoft.com/kusto/query/project-operator. Hidden columns stay, unless the node names them itself. */
export const project = defineOperator({
  name: 'project',
  prepare(node, schema) {
    const cells = node.columns.map(({ name, expr }) => ({ name, ...prepareExpr(expr, schema) }));
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
