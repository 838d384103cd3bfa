import { readByAll } from '../analysis/expressions';
import type { Names } from '../analysis/names';
import { coerce } from '../calls';
import { KqlError } from '../errors';
import type { ExpandColumn, Expr } from '../ir';
import { meter } from '../meter';
import type { Binder } from '../prepared';
import type { Runtime } from '../runtime';
import { convert, toText } from '../values/convert';
import { scalarOf, toDynamic } from '../values/dynamic';
import { type Column, type Dynamic, nullOf, type Row, type ScalarType, type Schema, type Value } from '../values/types';
import { place } from './extend';

export interface Expansion {
  /** The input's columns with the expanded ones in place or at the end, then the index. */
  readonly schema: Schema;
  expand(row: Row, runtime: Runtime): Row[];
}

/** What `mv-expand` and `mv-apply` make rows of. */
export function prepareExpansion(
  spec: {
    readonly columns: readonly ExpandColumn[];
    readonly bagAsArray: boolean;
    readonly indexName?: string;
    readonly limit?: Expr;
  },
  schema: Schema,
  bind: Binder,
): Expansion {
  const output: Column[] = [...schema];
  const columns = spec.columns.map(({ name, expr, type = 'dynamic' }) => {
    const prepared = bind.expr(expr, schema);
    return { prepared, type, index: place(output, { name, type }) };
  });
  const itemIndex = spec.indexName === undefined ? -1 : place(output, { name: spec.indexName, type: 'long' });
  const limit = spec.limit && coerce(bind.expr(spec.limit, []), 'long');
  return {
    schema: output,
    expand(row, runtime) {
      const lists = columns.map(({ prepared }) =>
        itemsOf(toDynamic(prepared.eval(row, runtime), prepared.type), spec.bagAsArray),
      );
      let count = 0;
      for (const list of lists) count = Math.max(count, list.length);
      const most = limit?.eval([], runtime);
      if (typeof most === 'number') count = Math.min(count, Math.max(0, most));
      if (count > 1) meter.spendRows(count, carriedText(row));
      if (count > runtime.maxRows) throw new KqlError('run', `one row expands to more than ${runtime.maxRows}`);
      const rows: Row[] = [];
      for (let i = 0; i < count; i++) {
        const result = row.slice();
        columns.forEach(({ index, type }, c) => {
          result[index] = castItem(lists[c]![i] ?? null, type);
        });
        if (itemIndex >= 0) result[itemIndex] = i;
        rows.push(result);
      }
      return rows;
    },
  };
}

/** UTF-16 units of the texts of a row. */
export function carriedText(row: Row): number {
  let units = 0;
  for (const cell of row) if (typeof cell === 'string') units += cell.length;
  return units;
}

/** null gives one null, an empty array or bag nothing, a scalar itself; a bag gives bags of one property or `[key, value]`. */
function itemsOf(value: Dynamic, bagAsArray: boolean): readonly Dynamic[] {
  if (Array.isArray(value)) return value;
  if (value instanceof Map) {
    return [...value].map(([key, item]) => (bagAsArray ? [key, item] : new Map([[key, item]])));
  }
  return [value];
}

/** Columns that the lists and the limit read. */
export const readByExpansion = (spec: { readonly columns: readonly ExpandColumn[]; readonly limit?: Expr }): Names =>
  readByAll([...spec.columns.map(({ expr }) => expr), ...(spec.limit ? [spec.limit] : [])]);

const NUMERIC: readonly ScalarType[] = ['int', 'long', 'real', 'decimal'];

/** `to typeof(T)` casts and does not parse: an item of another type becomes null. Any item has a text, though. */
function castItem(item: Dynamic, type: ScalarType): Value {
  if (type === 'dynamic') return item;
  if (item === null) return nullOf(type);
  if (type === 'string') return toText(item, 'dynamic');
  const scalar = scalarOf(item);
  if (!scalar) return null;
  const numbers = NUMERIC.includes(type) && NUMERIC.includes(scalar.type);
  return scalar.type === type || numbers ? convert(scalar.value, scalar.type, type) : null;
}
