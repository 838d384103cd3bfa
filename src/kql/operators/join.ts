import { defineOperator } from './define';
import { prepareJoin } from './join-core';
import { joinGrows, joinNeeds, joinText } from './join-facts';
import { fixedCarries, fixedColumns, fixedKeeps, fixedRowChange, isOnEachRow } from './join-fixed';
import { joinKeys } from './join-keys';

/**
 * https://learn.microsoft.com/kusto/query/join-operator. Rows come in the order of the left side, matches in that of the right, unmatched
 * right rows last. Null keys match nothing. `innerunique` keeps the first left row of a key. Clashing right columns are numbered.
 */
export const join = defineOperator({
  name: 'join',
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
  grows: joinGrows,
  keepsEmpty: (node, staysEmpty) =>
    !['rightouter', 'fullouter', 'rightanti'].includes(node.kind) || staysEmpty(node.right),
  bringsColumns: true,
  joinsKeys: joinKeys,
  text: joinText,
  prepare: (node, schema, bind) =>
    prepareJoin({ kind: node.kind, on: node.on, dropKeys: false }, node.right, schema, bind),
});
