import { readByAll } from '../analysis/expressions';
import { coerce } from '../calls';
import { invalid, KqlError } from '../errors';
import { groupKey } from '../values/compare';
import type { Row, Value } from '../values/types';
import { defineOperator } from './define';
import { prepareAggregate, prepareKeys } from './grouping';
import { axisOf } from './series-axis';
import { prepareCount } from './take';

/** Most rows that it gives, and most bins of a window. */
const MAX_BINS = 1_048_576;

interface Group {
  readonly keys: Value[];
  /** Rows by bin, with their numbers in canonical order. */
  readonly bins: Map<number, [number, Row][]>;
}

/**
 * https://learn.microsoft.com/kusto/query/rolling-percentile-plugin. A row for each bin up to the last one of the input whose window, which ends
 * with it, holds any value.
 */
export const rollingPercentile = defineOperator({
  name: 'rolling-percentile',
  ignoresClock: true,
  needs: (node) => readByAll([node.value, node.index.expr, ...node.by.map((key) => key.expr)]),
  keepsEmpty: () => true,
  prepare(node, schema, bind) {
    const keys = prepareKeys(node.by, schema, bind);
    const keyTypes = keys.columns.map(({ type }) => type);
    const index = bind.expr(node.index.expr, schema);
    const axis = axisOf(index.type);
    if (!axis) throw invalid(`rolling_percentile() cannot run along a column of type ${index.type}`);
    const size = coerce(bind.expr(node.binSize, []), axis.stepType);
    const width = prepareCount(node.bins, bind);
    const call = { fn: 'percentile', args: [node.value, node.percent], names: [node.name] };
    const { bound, columns, args } = prepareAggregate(call, schema, new Set(), bind);
    return {
      kind: 'table',
      schema: [{ name: node.index.name, type: index.type }, ...keys.columns, ...columns],
      run(rows, runtime) {
        const step = size.eval([], runtime);
        const length = width(runtime);
        if (step === null || !axis.positive(step))
          throw new KqlError('run', 'rolling_percentile() needs a positive bin');
        if (length > MAX_BINS)
          throw new KqlError('run', `rolling_percentile() takes at most ${MAX_BINS} bins a window`);
        const groups = new Map<string, Group>();
        let last = -Infinity;
        rows.forEach((row, order) => {
          const at = index.eval(row, runtime);
          if (at === null) return;
          const bin = axis.bin(at, null, step);
          last = Math.max(last, bin);
          const values = keys.evals.map((evaluate) => evaluate(row, runtime));
          const key = groupKey(values, keyTypes);
          const group = groups.get(key) ?? { keys: values, bins: new Map() };
          groups.set(key, group);
          const held = group.bins.get(bin);
          if (held) held.push([order, row]);
          else group.bins.set(bin, [[order, row]]);
        });
        const result: Row[] = [];
        for (const group of groups.values()) {
          const filled = [...group.bins.keys()].sort((a, b) => a - b);
          let from = 0;
          for (let i = 0; i < filled.length; i++) {
            const next = Math.min(filled[i + 1] ?? Infinity, last + 1, filled[i]! + length);
            for (let bin = filled[i]!; bin < next; bin++) {
              while (filled[from]! <= bin - length) from++;
              const state = bound.init();
              for (const held of filled.slice(from, i + 1)) {
                for (const [order, row] of group.bins.get(held)!) bound.add(state, args(row, runtime), order);
              }
              result.push([axis.at(bin, null, step), ...group.keys, ...bound.result(state)]);
              if (result.length > MAX_BINS)
                throw new KqlError('run', `rolling_percentile() gives more than ${MAX_BINS} rows`);
            }
          }
        }
        return result;
      },
    };
  },
});
