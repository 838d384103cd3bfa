import { readByAggregate, readByAll } from '../analysis/expressions';
import { union } from '../analysis/names';
import { coerce } from '../calls';
import { invalid, KqlError } from '../errors';
import type { Runtime } from '../runtime';
import { groupKey } from '../values/compare';
import { toDynamic } from '../values/dynamic';
import { dynamicReal } from '../values/json';
import type { Column, Dynamic, Row, ScalarType, Value } from '../values/types';
import { defineOperator } from './define';
import { groupingOrigins, keyNames, prepareAggregate, prepareKeys } from './grouping';
import { type Axis, axisOf } from './series-axis';

/** Most points of one series: https://learn.microsoft.com/kusto/query/make-series-operator. */
const MAX_POINTS = 1_048_576;

interface Series {
  readonly keys: Value[];
  /** Aggregate states by bin. */
  readonly bins: Map<number, unknown[]>;
  first: number;
  last: number;
}

/** https://learn.microsoft.com/kusto/query/make-series-operator. Columns: groups, one array per aggregate, the axis. */
export const makeSeries = defineOperator({
  name: 'make-series',
  ignoresClock: true,
  needs: (node) =>
    union(
      ...node.aggregates.map(readByAggregate),
      readByAll([
        node.axis.expr,
        node.step,
        ...node.by.map((key) => key.expr),
        ...(node.from ? [node.from] : []),
        ...(node.to ? [node.to] : []),
      ]),
    ),
  keepsEmpty: (node) => node.nonEmpty !== true,
  groupKeys: (node) => node.by.map(({ name }) => name),
  origins: groupingOrigins,
  prepare(node, schema, bind) {
    const keys = prepareKeys(node.by, schema, bind);
    const keyTypes = keys.columns.map(({ type }) => type);
    const axisExpr = bind.expr(node.axis.expr, schema);
    const axis = axisOf(axisExpr.type);
    if (!axis) throw invalid(`make-series cannot run along a column of type ${axisExpr.type}`);
    const bound = (expr: typeof node.from, type: ScalarType) => expr && coerce(bind.expr(expr, []), type);
    const from = bound(node.from, axisExpr.type);
    const to = bound(node.to, axisExpr.type);
    const step = bound(node.step, axis.stepType)!;
    const aggregates = node.aggregates.map((call) => {
      const prepared = prepareAggregate(call, schema, keyNames(node.by), bind);
      const fallback = call.fallback && bind.expr(call.fallback, []);
      const { type } = prepared.columns[0]!;
      const absent = (runtime: Runtime): Dynamic =>
        fallback ? toDynamic(fallback.eval([], runtime), fallback.type) : type === 'real' ? dynamicReal(0) : 0;
      return { ...prepared, type, absent };
    });
    const dynamic = (name: string): Column => ({ name, type: 'dynamic' });

    return {
      kind: 'table',
      schema: [
        ...keys.columns,
        ...aggregates.flatMap(({ columns }) => columns.map(({ name }) => dynamic(name))),
        dynamic(node.axis.name),
      ],
      run(rows, runtime) {
        const width = step.eval([], runtime);
        if (width === null || !axis.positive(width)) throw new KqlError('run', 'make-series needs a positive step');
        const start = from?.eval([], runtime) ?? null;
        const end = to?.eval([], runtime) ?? null;
        const inclusive = node.toInclusive === true;
        const past = (x: Value): boolean =>
          end !== null && (inclusive ? axis.bin(x, start, width) > axis.bin(end, start, width) : !axis.less(x, end));
        const all = new Map<string, Series>();
        rows.forEach((row, order) => {
          const x = axisExpr.eval(row, runtime);
          if (x === null || (start !== null && axis.less(x, start)) || past(x)) return;
          const cells = keys.evals.map((evaluate) => evaluate(row, runtime));
          const text = groupKey(cells, keyTypes);
          let series = all.get(text);
          if (!series) {
            series = { keys: cells, bins: new Map(), first: Number.POSITIVE_INFINITY, last: Number.NEGATIVE_INFINITY };
            all.set(text, series);
          }
          const bin = axis.bin(x, start, width);
          let states = series.bins.get(bin);
          if (!states) {
            states = aggregates.map((aggregate) => aggregate.bound.init());
            series.bins.set(bin, states);
            series.first = Math.min(series.first, bin);
            series.last = Math.max(series.last, bin);
          }
          aggregates.forEach((aggregate, i) => {
            aggregate.bound.add(states[i], aggregate.args(row, runtime), order);
          });
        });
        if (node.nonEmpty && all.size === 0 && keyTypes.length === 0) {
          all.set('', { keys: [], bins: new Map(), first: 0, last: -1 });
        }
        return [...all.values()].map((series) => {
          const [first, points] = extent(series, axis, { start, end, width, inclusive });
          const output: Row = [...series.keys];
          aggregates.forEach((aggregate, a) => {
            const absent = aggregate.absent(runtime);
            aggregate.columns.forEach(({ type }, c) => {
              output.push(
                Array.from({ length: points }, (_, i) => {
                  const states = series.bins.get(first + i);
                  return states ? toDynamic(aggregate.bound.result(states[a])[c]!, type) : absent;
                }),
              );
            });
          });
          output.push(
            Array.from({ length: points }, (_, i) => toDynamic(axis.at(first + i, start, width), axisExpr.type)),
          );
          return output;
        });
      },
    };
  },
});

interface Range {
  readonly start: Value;
  readonly end: Value;
  readonly width: Value;
  readonly inclusive: boolean;
}

/** The first bin of a series and how many there are: as far as `from` and `to` say, else as far as there is data. */
function extent(series: Series, axis: Axis, { start, end, width, inclusive }: Range): [number, number] {
  const first = start === null ? series.first : 0;
  let last = series.last;
  if (end !== null) {
    last = axis.bin(end, start, width);
    if (!inclusive && !axis.less(axis.at(last, start, width), end)) last--;
  }
  const points = last - first + 1;
  if (points > MAX_POINTS) throw new KqlError('run', `make-series gives more than ${MAX_POINTS} points`);
  return [first, Math.max(0, points)];
}
