import { coerce } from '../calls';
import type { TopNestedLevel } from '../ir';
import type { Binder, PreparedExpr } from '../prepared';
import type { Runtime } from '../runtime';
import { compareValues, keyText } from '../values/compare';
import { nullOf, type Row, type Schema, type Value } from '../values/types';
import { defineOperator } from './define';
import { type PreparedAggregate, prepareAggregate } from './grouping';
import { prepareCount } from './take';

interface Level {
  readonly value: PreparedExpr;
  readonly aggregates: readonly PreparedAggregate[];
  /** Over the results of the aggregates. */
  readonly result: PreparedExpr;
  readonly desc: boolean;
  readonly count: ((runtime: Runtime) => number) | undefined;
  readonly others: PreparedExpr | undefined;
}

/** The rows that share a value, with their numbers in canonical order. */
interface Group {
  readonly value: Value;
  readonly rows: [number, Row][];
  result: Value;
}

/**
 * https://learn.microsoft.com/kusto/query/top-nested-operator. Each level looks at the rows of one value of the level before. Below a row of
 * `others` the further levels have their own text for others, or nothing.
 */
export const topNested = defineOperator({
  name: 'top-nested',
  ignoresClock: true,
  // What a level makes of its aggregates reads those.
  expressions: (node) =>
    node.levels.flatMap((level) => [
      level.value.expr,
      ...level.aggregates.flatMap((call) => call.args),
      ...(level.count ? [level.count] : []),
      ...(level.others ? [level.others] : []),
    ]),
  keepsEmpty: () => true,
  prepare(node, schema, bind) {
    const levels = node.levels.map((level) => prepareLevel(level, schema, bind));
    return {
      kind: 'table',
      schema: node.levels.flatMap((level, i) => [
        { name: level.value.name, type: levels[i]!.value.type },
        { name: level.result.name, type: levels[i]!.result.type },
      ]),
      run: (rows, runtime) =>
        descend(
          levels,
          rows.map((row, i) => [i, row]),
          runtime,
        ),
    };
  },
});

function prepareLevel(level: TopNestedLevel, schema: Schema, bind: Binder): Level {
  const value = bind.expr(level.value.expr, schema);
  const aggregates = level.aggregates.map((call) => prepareAggregate(call, schema, new Set(), bind));
  return {
    value,
    aggregates,
    result: bind.expr(
      level.result.expr,
      aggregates.flatMap((aggregate) => aggregate.columns),
    ),
    desc: level.desc,
    count: level.count && prepareCount(level.count, bind),
    others: level.others && coerce(bind.expr(level.others, []), value.type),
  };
}

function resultOf({ aggregates, result }: Level, rows: readonly [number, Row][], runtime: Runtime): Value {
  const values = aggregates.flatMap((aggregate) => {
    const state = aggregate.bound.init();
    for (const [order, row] of rows) aggregate.bound.add(state, aggregate.args(row, runtime), order);
    return aggregate.bound.result(state);
  });
  return result.eval(values, runtime);
}

function descend(levels: readonly Level[], rows: [number, Row][], runtime: Runtime): Row[] {
  const [level, ...below] = levels;
  if (!level) return [[]];
  const groups = new Map<string, Group>();
  for (const item of rows) {
    const value = level.value.eval(item[1], runtime);
    const key = keyText(value, level.value.type);
    const group = groups.get(key);
    if (group) group.rows.push(item);
    else groups.set(key, { value, rows: [item], result: null });
  }
  const sorted = [...groups.values()];
  for (const group of sorted) group.result = resultOf(level, group.rows, runtime);
  sorted.sort((a, b) => compare(a.result, b.result, level.desc));
  const kept = level.count ? sorted.slice(0, level.count(runtime)) : sorted;
  const result = kept.flatMap((group) =>
    descend(below, group.rows, runtime).map((row) => [group.value, group.result, ...row]),
  );
  const rest = sorted.slice(kept.length).flatMap((group) => group.rows);
  if (level.others && rest.length > 0) {
    const tail = below.flatMap((next) => [
      next.others ? next.others.eval([], runtime) : nullOf(next.value.type),
      next.others ? resultOf(next, rest, runtime) : nullOf(next.result.type),
    ]);
    result.push([level.others.eval([], runtime), resultOf(level, rest, runtime), ...tail]);
  }
  return result;
}

/** Nulls last. */
function compare(a: Value, b: Value, desc: boolean): number {
  if (a === null || b === null) return Number(a === null) - Number(b === null);
  const order = compareValues(a, b);
  return desc ? -order : order;
}
