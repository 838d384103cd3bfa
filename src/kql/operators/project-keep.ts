import { isHidden } from '../ir';
import { matchesAny, pick, positions } from './columns';
import { defineOperator } from './define';

/** https://learn.microsoft.com/kusto/query/project-keep-operator. Columns stay in the order of the input. */
export const projectKeep = defineOperator({
  name: 'project-keep',
  ignoresClock: true,
  onArrival: () => true,
  rows: () => 'same',
  keeps: () => true,
  carries: () => ({ written: [] }),
  // Its columns stand in the order of the input's, which a column that is left out and made anew would change.
  needs: (_, wanted) => wanted,
  grows: (_, columns) => columns,
  keepsEmpty: () => true,
  mayGoEmpty: true,
  text: (node) => `project-keep ${node.patterns.join(', ')}`,
  prepare: (node, schema) =>
    pick(
      schema,
      positions(schema, (name) => isHidden(name) || matchesAny(node.patterns, name)),
    ),
});
