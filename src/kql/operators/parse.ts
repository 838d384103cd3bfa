import { readBy } from '../analysis/expressions';
import { union, without } from '../analysis/names';
import { coerce } from '../calls';
import type { OpOf } from '../ir';
import { type Column, nullOf, type Row, type Value } from '../values/types';
import { defineOperator } from './define';
import { place } from './extend';
import { addFixed } from './growth';
import { compileRegex } from './parse-regex';
import { compileSimple } from './parse-simple';

const columnsOf = (node: OpOf<'parse'>): string[] =>
  node.parts.flatMap((part) => (part.kind === 'column' ? [part.name] : []));

/**
 * https://learn.microsoft.com/kusto/query/parse-operator and parse-where-operator. A row that does not match gets null (string: "") in all
 * columns of the pattern, existing ones included; `parse-where` drops it.
 */
export const parse = defineOperator({
  name: 'parse',
  ignoresClock: true,
  onArrival: () => true,
  rows: (node) => (node.filter ? 'fewer' : 'same'),
  writes: columnsOf,
  carries(node) {
    const { input } = node;
    const texts = node.parts.flatMap((part) => (part.kind === 'column' && part.type === 'string' ? [part.name] : []));
    return {
      written: columnsOf(node),
      ...(input.k === 'col' ? { pieces: new Map(texts.map((name) => [name, input.name])) } : {}),
    };
  },
  needs: (node, wanted) => union(without(wanted, columnsOf(node)), readBy(node.input)),
  grows: (node, columns, growth) => addFixed(node.op, [node.input], columnsOf(node), columns, growth),
  keepsEmpty: () => true,
  origins: (node) => ({ others: 'same', columns: columnsOf(node).map((name) => ({ name })) }),
  prepare(node, schema, bind) {
    const input = coerce(bind.expr(node.input, schema), 'string');
    const output: Column[] = [...schema];
    const places: number[] = [];
    const empty: Value[] = [];
    for (const part of node.parts) {
      if (part.kind !== 'column') continue;
      places.push(place(output, { name: part.name, type: part.type }));
      empty.push(nullOf(part.type));
    }
    const match =
      node.kind === 'regex' ? compileRegex(node.parts, node.flags) : compileSimple(node.parts, node.kind === 'relaxed');
    const { filter } = node;
    return {
      kind: 'row',
      schema: output,
      map(row, runtime) {
        const cells = empty.slice();
        const matched = match(input.eval(row, runtime) as string, cells);
        if (!matched && filter) return null;
        const result: Row = row.slice();
        const values = matched ? cells : empty;
        for (let i = 0; i < places.length; i++) result[places[i]!] = values[i]!;
        return result;
      },
    };
  },
});
