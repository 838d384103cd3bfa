import { union } from '../analysis/names';
import { invalid, KqlError } from '../errors';
import { isHidden, type OpOf } from '../ir';
import type { DataBoundOperator, TableOperator } from '../prepared';
import { convert } from '../values/convert';
import { dynamicKind, scalarOf } from '../values/dynamic';
import {
  type Bag,
  type Column,
  type Dynamic,
  isBag,
  nullOf,
  type Row,
  type ScalarType,
  type Schema,
  type Table,
  type Value,
} from '../values/types';
import { defineOperator } from './define';
import { place } from './extend';

/** Most columns that bags may bring: their keys are written by whoever writes the events. */
const MAX_COLUMNS = 10_000;

type Node = OpOf<'bag_unpack'>;

/** How an output cell is made of a row and its bag. */
type Cell = (row: Row, bag: Bag | undefined) => Value;

interface Output {
  readonly schema: Column[];
  readonly cells: Cell[];
}

/**
 * https://learn.microsoft.com/kusto/query/bag-unpack-plugin. Without a declared schema the new columns come in the order of their names,
 * each of the one type its values have, else dynamic.
 */
export const bagUnpack = defineOperator({
  name: 'bag_unpack',
  ignoresClock: true,
  needs: (node, wanted) => union(wanted, new Set([node.column])),
  keepsEmpty: () => true,
  bringsColumns: true,
  columnsOfData: (node) => node.schema === undefined,
  prepare(node, schema): TableOperator | DataBoundOperator {
    const source = schema.findIndex(({ name }) => name === node.column);
    if (source < 0) throw invalid(`unknown column '${node.column}'`);
    const bagOf = (row: Row): Bag | undefined => {
      const value = row[source];
      return isBag(value) ? value : undefined;
    };
    const build = (output: Output, rows: readonly Row[]): Row[] =>
      rows.map((row) => {
        const bag = bagOf(row);
        return output.cells.map((cell) => cell(row, bag));
      });
    if (node.schema) {
      const output = declared(node, node.schema, schema, source);
      return { kind: 'table', schema: output.schema, run: (rows) => build(output, rows) };
    }
    return {
      kind: 'dataBound',
      run(rows): Table {
        const output = observed(node, slotTypes(node, rows.map(bagOf)), schema, source);
        return { schema: output.schema, rows: build(output, rows) };
      },
    };
  },
});

/** The output without the unpacked column, to be added to. */
function others(schema: Schema, source: number, keep: (name: string) => boolean): Output {
  const output: Output = { schema: [], cells: [] };
  schema.forEach((column, index) => {
    if (index === source || !keep(column.name)) return;
    output.schema.push(column);
    output.cells.push((row) => row[index]!);
  });
  return output;
}

const slot = (key: string, type: ScalarType): Cell => {
  const otherwise = nullOf(type);
  return (_, bag) => {
    const value = bag?.get(key) ?? null;
    return value === null ? otherwise : type === 'dynamic' ? value : convert(value, 'dynamic', type);
  };
};

/** The type of every slot of the bags; undefined where all values of it are null. */
function slotTypes(node: Node, bags: readonly (Bag | undefined)[]): Map<string, ScalarType | undefined> {
  const ignored = new Set(node.ignored);
  const types = new Map<string, ScalarType | undefined>();
  for (const bag of bags) {
    if (!bag) continue;
    for (const [key, value] of bag) {
      if (ignored.has(key)) continue;
      const type = typeOf(value);
      const known = types.get(key);
      types.set(key, known === undefined ? type : type === undefined || type === known ? known : 'dynamic');
      if (types.size > MAX_COLUMNS) throw new KqlError('run', `bag_unpack gives more than ${MAX_COLUMNS} columns`);
    }
  }
  return types;
}

function typeOf(value: Dynamic): ScalarType | undefined {
  if (value === null) return undefined;
  const kind = dynamicKind(value);
  return kind === 'array' || kind === 'dictionary' ? 'dynamic' : scalarOf(value)!.type;
}

function observed(node: Node, types: Map<string, ScalarType | undefined>, schema: Schema, source: number): Output {
  const output = others(schema, source, () => true);
  const existing = new Set(output.schema.map(({ name }) => name));
  for (const key of [...types.keys()].sort()) {
    const type = types.get(key) ?? 'dynamic';
    const name = node.prefix + key;
    if (isHidden(name)) continue;
    if (existing.has(name)) {
      if (node.conflict === 'keep_source') continue;
      if (node.conflict === 'error') {
        throw new KqlError('run', `bag_unpack: there is a column '${name}' already; say columnsConflict`);
      }
    }
    output.cells[place(output.schema, { name, type })] = slot(key, type);
  }
  return output;
}

function declared(node: Node, columns: readonly Column[], schema: Schema, source: number): Output {
  const output = others(schema, source, (name) => isHidden(name) || node.keepOthers === true);
  for (const column of columns) {
    const fromSource = schema.findIndex(({ name }, index) => index !== source && name === column.name);
    const wanted = column.name.startsWith(node.prefix) ? column.name.slice(node.prefix.length) : undefined;
    const fromBag =
      wanted !== undefined &&
      !node.ignored.includes(wanted) &&
      !(fromSource >= 0 && node.conflict !== 'replace_source');
    const index = place(output.schema, column);
    if (fromBag) output.cells[index] = slot(wanted, column.type);
    else if (fromSource >= 0) {
      const { type } = schema[fromSource]!;
      output.cells[index] = (row) => convert(row[fromSource]!, type, column.type);
    } else output.cells[index] = () => nullOf(column.type);
  }
  return output;
}
