import type { BoundAggregate } from '../aggregates/define';
import { readByAggregate } from '../analysis/expressions';
import { union } from '../analysis/names';
import { invalid, KqlError } from '../errors';
import { isHidden } from '../ir';
import type { DataBoundOperator, TableOperator } from '../prepared';
import type { Runtime } from '../runtime';
import { groupKey } from '../values/compare';
import { convert, toText } from '../values/convert';
import type { Column, Row, ScalarType, Table, Value } from '../values/types';
import { defineOperator } from './define';
import { prepareAggregate } from './grouping';

/** Most columns that values may become. */
const MAX_COLUMNS = 10_000;

/**
 * https://learn.microsoft.com/kusto/query/pivot-plugin. The new columns come in the order of their names; a cell without rows holds what the
 * aggregate gives for none.
 */
export const pivot = defineOperator({
  name: 'pivot',
  ignoresClock: true,
  needs: (node) =>
    node.by === undefined ? 'all' : union(new Set([...node.by, node.column]), readByAggregate(node.aggregate)),
  keepsEmpty: () => true,
  bringsColumns: true,
  columnsOfData: (node) => node.schema === undefined,
  prepare(node, schema, bind): TableOperator | DataBoundOperator {
    const at = (name: string): number => {
      const index = schema.findIndex((column) => column.name === name);
      if (index < 0) throw invalid(`unknown column '${name}'`);
      return index;
    };
    const pivoted = at(node.column);
    const aggregated = new Set(node.aggregate.args.flatMap((arg) => (arg.k === 'col' ? [arg.name] : [])));
    const by =
      node.by?.map(at) ??
      [...schema.keys()].filter((index) => {
        const { name } = schema[index]!;
        return index !== pivoted && !isHidden(name) && !aggregated.has(name);
      });
    const keyColumns = by.map((index) => schema[index]!);
    const keyTypes = keyColumns.map(({ type }) => type);
    const aggregate = prepareAggregate(node.aggregate, schema, new Set(), bind);
    const cellType = aggregate.columns[0]!.type;
    const { bound } = aggregate;
    const pivotType = schema[pivoted]!.type;

    const collect = (rows: readonly Row[], runtime: Runtime): { names: string[]; groups: Iterable<Group> } => {
      const names = new Set<string>();
      const groups = new Map<string, Group>();
      rows.forEach((row, order) => {
        const name = toText(row[pivoted]!, pivotType);
        names.add(name);
        if (names.size > MAX_COLUMNS) throw new KqlError('run', `pivot gives more than ${MAX_COLUMNS} columns`);
        const keys = by.map((index) => row[index]!);
        const text = groupKey(keys, keyTypes);
        let group = groups.get(text);
        if (!group) {
          group = { keys, states: new Map() };
          groups.set(text, group);
        }
        if (!group.states.has(name)) group.states.set(name, bound.init());
        bound.add(group.states.get(name), aggregate.args(row, runtime), order);
      });
      return { names: [...names].sort(), groups: groups.values() };
    };

    const { schema: wanted } = node;
    if (wanted) {
      return {
        kind: 'table',
        schema: wanted,
        run(rows, runtime) {
          const { names, groups } = collect(rows, runtime);
          const declared = new Set(wanted.map(({ name }) => name));
          const missing = names.find((name) => !declared.has(name));
          if (missing !== undefined) throw new KqlError('run', `pivot: the declared schema has no column '${missing}'`);
          return [...groups].map((group) => wanted.map((column) => cell(group, column, keyColumns, bound, cellType)));
        },
      };
    }
    return {
      kind: 'dataBound',
      run(rows, runtime): Table {
        const { names, groups } = collect(rows, runtime);
        return {
          schema: [...keyColumns, ...names.map((name) => ({ name, type: cellType }))],
          rows: [...groups].map((group) => [...group.keys, ...names.map((name) => resultOf(group, name, bound))]),
        };
      },
    };
  },
});

interface Group {
  readonly keys: Value[];
  readonly states: Map<string, unknown>;
}

const resultOf = (group: Group, name: string, bound: BoundAggregate): Value =>
  bound.result(group.states.get(name) ?? bound.init())[0]!;

function cell(group: Group, column: Column, keys: readonly Column[], bound: BoundAggregate, type: ScalarType): Value {
  const key = keys.findIndex(({ name }) => name === column.name);
  return key >= 0
    ? convert(group.keys[key]!, keys[key]!.type, column.type)
    : convert(resultOf(group, column.name, bound), type, column.type);
}
