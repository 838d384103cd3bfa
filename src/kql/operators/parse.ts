import { coerce, prepareExpr } from '../expressions';
import { type Column, nullOf, type Row, type Value } from '../values/types';
import { defineOperator } from './define';
import { place } from './extend';
import { compileRegex } from './parse-regex';
import { compileSimple } from './parse-simple';

/**
 * https://learn.microsoft.com/kusto/query/parse-operator and parse-where-operator. A row that does not match gets null (string: "") in all
 * columns of the pattern, existing ones included; `parse-where` drops it.
 */
export const parse = defineOperator({
  name: 'parse',
  prepare(node, schema) {
    const input = coerce(prepareExpr(node.input, schema), 'string');
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
