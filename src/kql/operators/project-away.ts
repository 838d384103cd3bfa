import { matchesAny, pick, positions } from './columns';
import { defineOperator } from './define';

/** https://learn.microsoft.com/kusto/query/project-away-operator */
export const projectAway = defineOperator({
  name: 'project-away',
  ignoresClock: true,
  onArrival: () => true,
  rows: () => 'same',
  keeps: () => true,
  carries: () => ({ written: [] }),
  needs: (_, wanted) => wanted,
  grows: (_, columns) => columns,
  keepsEmpty: () => true,
  mayGoEmpty: true,
  followsKeys: (node, keys) =>
    node.patterns.some((pattern) => pattern.includes('*') || keys.includes(pattern)) ? undefined : keys,
  text: (node) => `project-away ${node.patterns.join(', ')}`,
  prepare: (node, schema) =>
    pick(
      schema,
      positions(schema, (name) => !matchesAny(node.patterns, name)),
    ),
});
