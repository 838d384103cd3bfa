import { isHidden } from '../ir';
import { matchesAny, pick, positions } from './columns';
import { defineOperator } from './define';

/** https://learn.microsoft.com/kusto/query/project-by-names-operator. Columns come in the order of the patterns; one that matches none is no error. */
export const projectByNames = defineOperator({
  name: 'project-by-names',
  prepare(node, schema) {
    const named = node.patterns.flatMap((pattern) => positions(schema, (name) => matchesAny([pattern], name)));
    return pick(schema, [...new Set([...named, ...positions(schema, isHidden)])]);
  },
});
