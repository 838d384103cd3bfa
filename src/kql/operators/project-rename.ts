import { invalid } from '../errors';
import { defineOperator } from './define';

/** https://learn.microsoft.com/kusto/query/project-rename-operator. Columns keep their places. */
export const projectRename = defineOperator({
  name: 'project-rename',
  prepare(node, schema) {
    const names = new Map(node.renames.map(({ from, to }) => [from, to]));
    for (const { from } of node.renames) {
      if (!schema.some(({ name }) => name === from)) throw invalid(`unknown column '${from}'`);
    }
    const output = schema.map((column) => ({ ...column, name: names.get(column.name) ?? column.name }));
    const seen = new Set<string>();
    for (const { name } of output) {
      if (seen.has(name)) throw invalid(`project-rename gives two columns named '${name}'`);
      seen.add(name);
    }
    return { kind: 'row', schema: output, map: (row) => row };
  },
});
