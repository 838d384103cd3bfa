import type { Op, OpOf } from '../../kql';
import { columnsOf, elements, kindOf, type Node, resultName } from '../kusto';
import type { Scope } from '../scope';
import { type Translation, UNSUPPORTED } from '../translation';
import { bare, namedColumns, parameters, parameterText } from './columns';
import { aggregateCall } from './summarize';

export function makeSeries(t: Translation, node: Node, scope: Scope): Op[] {
  const by = node.ByClause ? namedColumns(t, elements(node.ByClause.Expressions), scope, node) : [];
  const names = columnsOf(node.ResultType).map((column) => column.Name);
  const aggregates = elements(node.Aggregates).map((item, i) => {
    const named = item.Expression;
    const name =
      kindOf(named) === 'SimpleNamedExpression' ? named.Name.SimpleName : (names[by.length + i] ?? resultName(named));
    return {
      ...aggregateCall(t, bare(named), scope, [name]),
      ...(item.DefaultExpression ? { fallback: t.scalar(item.DefaultExpression.Expression, scope) } : {}),
    };
  });
  const axisNode = node.OnClause.Expression;
  const [axis] = namedColumns(t, [axisNode], scope, node);
  const range = seriesRange(t, node.RangeClause, scope);
  if (!axis || !range) {
    t.report(
      UNSUPPORTED,
      "make-series is supported as 'on COLUMN from A to B step C' or 'on COLUMN in range(A, B, C)'",
      node,
      scope,
    );
    return [];
  }
  const nonEmpty = parameterText(parameters(node.Parameters).get('kind')) === 'nonempty';
  return [{ op: 'make-series', aggregates, axis, ...range, by, ...(nonEmpty ? { nonEmpty } : {}) }];
}

type Range = Pick<OpOf<'make-series'>, 'from' | 'to' | 'toInclusive' | 'step'>;

/** `in range(start, stop, step)` bins with `bin()`, so that the series begins at a multiple of the step, and includes its end. */
function seriesRange(t: Translation, range: Node, scope: Scope): Range | undefined {
  if (kindOf(range) === 'MakeSeriesInRangeClause') {
    const [start, stop, width] = elements(range.Arguments.Expressions).map((item) => t.scalar(item, scope));
    if (!start || !stop || !width) return undefined;
    return { from: { k: 'call', fn: 'bin', args: [start, width] }, to: stop, toInclusive: true, step: width };
  }
  if (!range.MakeSeriesStepClause) return undefined;
  return {
    ...(range.MakeSeriesFromClause ? { from: t.scalar(range.MakeSeriesFromClause.Expression, scope) } : {}),
    ...(range.MakeSeriesToClause ? { to: t.scalar(range.MakeSeriesToClause.Expression, scope) } : {}),
    step: t.scalar(range.MakeSeriesStepClause.Expression, scope),
  };
}
