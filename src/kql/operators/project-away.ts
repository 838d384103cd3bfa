import { matchesAny, pick, positions } from './columns';
import { defineOperator } from './define';

/** https://learn.microsoft.com/kusto/query/project-away-operator */
export const projectAway = defineOperator({
  name: 'project-away',
  prepare: (node, schema) =>
    pick(
      schema,
      positions(schema, (name) => !matchesAny(node.patterns, name)),
    ),
});
