import { pick, positions } from './columns';
import { defineOperator } from './define';

/** Removes hidden columns that an earlier step made. */
export const drop = defineOperator({
  name: 'drop',
  ignoresClock: true,
  onArrival: () => true,
  rows: () => 'same',
  carries: () => ({ written: [] }),
  needs: (_, wanted) => wanted,
  grows: (_, columns) => columns,
  keepsEmpty: () => true,
  mayGoEmpty: true,
  followsKeys: (_, keys) => keys,
  // Made by the compiler, never written.
  text: () => '',
  prepare(node, schema) {
    const names = new Set(node.names);
    return pick(
      schema,
      positions(schema, (name) => !names.has(name)),
    );
  },
});
