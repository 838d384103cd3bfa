import { union, without } from '../analysis/names';
import { invalid } from '../errors';
import type { OpOf } from '../ir';
import { defineOperator } from './define';

const renamed = ({ renames }: OpOf<'project-rename'>, name: string): string =>
  renames.find(({ from }) => from === name)?.to ?? name;

/** https://learn.microsoft.com/kusto/query/project-rename-operator. Columns keep their places. */
export const projectRename = defineOperator({
  name: 'project-rename',
  ignoresClock: true,
  onArrival: () => true,
  rows: () => 'same',
  keeps: (node, column) => node.renames.every(({ from, to }) => from !== column && to !== column),
  needs: (node, wanted) =>
    union(
      without(
        wanted,
        node.renames.map(({ to }) => to),
      ),
      new Set(node.renames.map(({ from }) => from)),
    ),
  grows: (node, columns) => new Map([...columns].map(([name, growth]) => [renamed(node, name), growth])),
  keepsEmpty: () => true,
  mayGoEmpty: true,
  followsKeys: (node, keys) => keys.map((key) => renamed(node, key)),
  text: (node, write) =>
    `project-rename ${node.renames.map(({ from, to }) => `${write.name(to)} = ${write.name(from)}`).join(', ')}`,
  origins: (node) => ({
    others: 'same',
    columns: [],
    renamed: new Map(node.renames.map(({ from, to }) => [from, to])),
  }),
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
