import { pick, positions } from './columns';
import { defineOperator } from './define';

/** Removes hidden columns that an earlier step made. */
export const drop = defineOperator({
  name: 'drop',
  prepare(node, schema) {
    const names = new Set(node.names);
    return pick(
      schema,
      positions(schema, (name) => !names.has(name)),
    );
  },
});
