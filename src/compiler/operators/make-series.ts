import type { Op } from '../../kql/ir';
import { columnsOf, elements, kindOf, type Node, resultName } from '../kusto';
import type { Scope } from '../scope';
import { type Translation, UNSUPPORTED } from '../translation';
import { bare, namedColumns } from './columns';
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
  const range = node.RangeClause;
  if (!axis || !range.MakeSeriesStepClause) {
    t.report(UNSUPPORTED, "make-series is supported as 'on COLUMN from A to B step C'", node, scope);
    return [];
  }
  return [
    {
      op: 'make-series',
      aggregates,
      axis,
      ...(range.MakeSeriesFromClause ? { from: t.scalar(range.MakeSeriesFromClause.Expression, scope) } : {}),
      ...(range.MakeSeriesToClause ? { to: t.scalar(range.MakeSeriesToClause.Expression, scope) } : {}),
      step: t.scalar(range.MakeSeriesStepClause.Expression, scope),
      by,
    },
  ];
}
