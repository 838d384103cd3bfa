import { isHidden } from '../ir';
import { matchesAny, pick, positions } from './columns';
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
  prepare(node, schema) {
    const named = node.patterns.flatMap((pattern) => positions(schema, (name) => matchesAny([pattern], name)));
    return pick(schema, [...new Set([...named, ...positions(schema, isHidden)])]);
  },
});
