import { readBy } from '../analysis/expressions';
import { union, without } from '../analysis/names';
import { coerce } from '../calls';
import type { Column, Row } from '../values/types';
import { nullOf } from '../values/types';
import { namesOf } from './columns';
import { defineOperator } from './define';
import { place } from './extend';
import { compilePairs } from './kv-pairs';
import { captured } from './parse-values';

/**
 * https://learn.microsoft.com/kusto/query/parse-kv-operator. The first appearance of a key counts; blanks around keys and values do not;
 * a missing key, or a value that does not convert, gives null (string: "").
 */
export const parseKv = defineOperator({
  name: 'parse-kv',
  ignoresClock: true,
  onArrival: () => true,
  rows: () => 'same',
  writes: (node) => namesOf(node.columns),
  needs: (node, wanted) => union(without(wanted, namesOf(node.columns)), readBy(node.input)),
  keepsEmpty: () => true,
  patterns: (node) => (node.regex === undefined ? [] : [node.regex]),
  origins: (node) => ({ others: 'same', columns: node.columns.map(({ name }) => ({ name })) }),
  prepare(node, schema, bind) {
    const input = coerce(bind.expr(node.input, schema), 'string');
    const output: Column[] = [...schema];
    const columns = node.columns.map((column) => ({ ...column, index: place(output, column) }));
    const wanted = new Set(node.columns.map(({ name }) => name));
    const pairsOf = compilePairs(node, wanted);
    return {
      kind: 'row',
      schema: output,
      map(row, runtime) {
        const found = new Map<string, string>();
        pairsOf(input.eval(row, runtime) as string, (key, value) => {
          if (wanted.has(key) && !found.has(key)) found.set(key, value);
        });
        const result: Row = row.slice();
        for (const { name, type, index } of columns) {
          const text = found.get(name);
          result[index] = text === undefined ? nullOf(type) : captured(text, type);
        }
        return result;
      },
    };
  },
});
