import { isHidden, type OpOf } from '../ir';
import { matchesAny, pick, sameCells } from './columns';
import { defineOperator } from './define';

/** https://learn.microsoft.com/kusto/query/project-by-names-operator. Columns come in the order of the patterns; one that matches none is no error. */
export const projectByNames = defineOperator({
  name: 'project-by-names',
  ignoresClock: true,
  onArrival: () => true,
  rows: () => 'same',
  keeps: () => true,
  carries: () => ({ written: [] }),
  // What is not kept is not wanted either; a wanted name that no pattern keeps cannot be.
  needs: (node, wanted) =>
    wanted === 'all' && node.patterns.every((pattern) => !pattern.includes('*')) ? new Set(node.patterns) : wanted,
  grows: (_, columns) => columns,
  keepsEmpty: () => true,
  mayGoEmpty: true,
  text: (node, write) => `project-by-names ${node.patterns.map(write.string).join(', ')}`,
  cells: (node, names) => sameCells(keptBy(node, names).map((index) => names[index]!)),
  prepare: (node, schema) =>
    pick(
      schema,
      keptBy(
        node,
        schema.map(({ name }) => name),
      ),
    ),
});

/** Positions of the columns that stay, in their new order. */
function keptBy(node: OpOf<'project-by-names'>, names: readonly string[]): number[] {
  const all = [...names.keys()];
  const named = node.patterns.flatMap((pattern) => all.filter((index) => matchesAny([pattern], names[index]!)));
  return [...new Set([...named, ...all.filter((index) => isHidden(names[index]!))])];
}
