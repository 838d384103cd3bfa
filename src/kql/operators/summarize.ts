import type { Order } from '../aggregates/define';
import { readByAggregate, readByAll } from '../analysis/expressions';
import { union } from '../analysis/names';
import { KqlError } from '../errors';
import type { OpOf } from '../ir';
import type { Binder } from '../prepared';
import type { Runtime } from '../runtime';
import { groupKey } from '../values/compare';
import type { Row, Schema, Value } from '../values/types';
import { freeName } from './columns';
import { defineOperator } from './define';
import { groupingOrigins, keyNames, prepareAggregate, prepareKeys } from './grouping';

/** One group under construction. */
export interface Group {
  readonly keys: Value[];
  readonly states: unknown[];
}

/** A `summarize` bound to a schema, in the pieces that batch and stream both use. */
export interface PreparedSummarize {
  readonly schema: Schema;
  /** Output columns that are group keys; they come first. */
  readonly keyCount: number;
  /** Whether any aggregate asks for the canonical order of rows. */
  readonly ordered: boolean;
  keysOf(row: Row, runtime: Runtime): Value[];
  /** The text that tells groups apart. */
  keyText(keys: readonly Value[]): string;
  create(keys: Value[]): Group;
  add(group: Group, row: Row, order: Order, runtime: Runtime): void;
  merge(into: Group, other: Group): void;
  result(group: Group): Row;
  /** Aggregate states as JSON, in the order of the calls. */
  save(group: Group): ReturnType<import('../aggregates/define').BoundAggregate['save']>[];
  load(keys: Value[], saved: readonly ReturnType<PreparedSummarize['save']>[number][]): Group;
}

/** Binds a summarize. Throws KqlError. */
export function bindSummarize(node: OpOf<'summarize'>, schema: Schema, bind: Binder): PreparedSummarize {
  const keys = prepareKeys(node.by, schema, bind);
  const names = keyNames(node.by);
  const aggregates = node.aggregates.map((call) => prepareAggregate(call, schema, names, bind));
  const types = keys.columns.map((column) => column.type);
  const taken = new Set(keys.columns.map(({ name }) => name));
  // `*` may stand for a column of a name that another aggregate has.
  const results = aggregates.flatMap(({ columns }) =>
    columns.map((column) => ({ ...column, name: freeName(column.name, taken) })),
  );
  return {
    schema: [...keys.columns, ...results],
    keyCount: keys.columns.length,
    ordered: aggregates.some((aggregate) => aggregate.definition.ordered),
    keysOf: (row, runtime) => keys.evals.map((evaluate) => evaluate(row, runtime)),
    keyText: (values) => groupKey(values, types),
    create: (values) => ({ keys: values, states: aggregates.map((aggregate) => aggregate.bound.init()) }),
    add(group, row, order, runtime) {
      for (let i = 0; i < aggregates.length; i++) {
        const aggregate = aggregates[i]!;
        aggregate.bound.add(group.states[i], aggregate.args(row, runtime), order);
      }
    },
    merge(into, other) {
      aggregates.forEach((aggregate, i) => {
        aggregate.bound.merge(into.states[i], other.states[i]);
      });
    },
    result: (group) => [
      ...group.keys,
      ...aggregates.flatMap((aggregate, i) => aggregate.bound.result(group.states[i])),
    ],
    save: (group) => aggregates.map((aggregate, i) => aggregate.bound.save(group.states[i])),
    load: (values, saved) => ({
      keys: values,
      states: aggregates.map((aggregate, i) => aggregate.bound.load(saved[i] ?? null)),
    }),
  };
}

/**
 * https://learn.microsoft.com/kusto/query/summarize-operator. Without `by` an empty input gives one row, with `by` none. Groups come in
 * the order of their first row.
 */
export const summarize = defineOperator({
  name: 'summarize',
  ignoresClock: true,
  needs: (node) => union(...node.aggregates.map(readByAggregate), readByAll(node.by.map((key) => key.expr))),
  keepsEmpty: (node) => node.by.length > 0,
  asSummarize: (node) => node,
  groupKeys: (node) => node.by.map(({ name }) => name),
  text: (node, write) =>
    `summarize ${write.aggregates(node.aggregates)}${node.by.length === 0 ? '' : ` by ${write.columns(node.by)}`}`,
  origins: groupingOrigins,
  prepare(node, schema, bind) {
    const prepared = bindSummarize(node, schema, bind);
    return {
      kind: 'table',
      schema: prepared.schema,
      run(rows, runtime) {
        const groups = new Map<string, Group>();
        if (prepared.keyCount === 0) groups.set('', prepared.create([]));
        rows.forEach((row, order) => {
          const keys = prepared.keysOf(row, runtime);
          const text = prepared.keyCount === 0 ? '' : prepared.keyText(keys);
          let group = groups.get(text);
          if (!group) {
            if (groups.size >= runtime.maxRows)
              throw new KqlError('run', `summarize holds more than ${runtime.maxRows} groups`);
            group = prepared.create(keys);
            groups.set(text, group);
          }
          prepared.add(group, row, order, runtime);
        });
        return [...groups.values()].map(prepared.result);
      },
    };
  },
});
