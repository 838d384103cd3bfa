import { defineOperator } from './define';
import { prepareJoin } from './join-core';
import { joinNeeds, joinText } from './join-facts';
import { fixedCarries, fixedColumns, fixedKeeps, fixedRowChange, isOnEachRow } from './join-fixed';
import { joinKeys } from './join-keys';

/** https://learn.microsoft.com/kusto/query/lookup-operator: a join that does not repeat the right side's key columns. */
export const lookup = defineOperator({
  name: 'lookup',
  ignoresClock: true,
  // The other side reads rows of its own.
  expressions: (node) => node.on.map(({ left }) => left),
  inner: 'right side',
  needs: joinNeeds,
  onArrival: isOnEachRow,
  rows: fixedRowChange,
  writes: fixedColumns,
  keeps: fixedKeeps,
  carries: fixedCarries,
  keepsEmpty: () => true,
  bringsColumns: true,
  joinsKeys: joinKeys,
  text: joinText,
  prepare: (node, schema, bind) =>
    prepareJoin({ kind: node.kind, on: node.on, dropKeys: true }, node.right, schema, bind),
});
