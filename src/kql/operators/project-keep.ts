import { isHidden } from '../ir';
import { matchesAny, pick, positions } from './columns';
import { defineOperator } from './define';

/** https://learn.microsoft.com/kusto/query/project-keep-operator. Columns stay in the order of the input. */
export const projectKeep = defineOperator({
  name: 'project-keep',
  prepare: (node, schema) =>
    pick(
      schema,
      positions(schema, (name) => isHidden(name) || matchesAny(node.patterns, name)),
    ),
});
