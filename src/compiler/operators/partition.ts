import type { AggregateCall, Op, TopNestedLevel } from '../../kql/ir';
import { columnsOf, elements, kindOf, type Node } from '../kusto';
import type { Scope } from '../scope';
import { type Translation, UNSUPPORTED } from '../translation';
import { bare, namedColumns } from './columns';
import { withHiddenAggregates } from './summarize';

/** `partition by k (subquery)` */
export function partition(t: Translation, node: Node, scope: Scope): Op[] {
  if (kindOf(node.Operand) !== 'PartitionSubquery') {
    t.report(UNSUPPORTED, "partition is supported as 'partition by COLUMN (subquery)'", node, scope);
    return [];
  }
  return [{ op: 'partition', by: t.scalar(node.ByExpression, scope), sub: t.table(node.Operand.Subquery, scope) }];
}

/** Which rows is left open: the first. */
export const sample = (t: Translation, node: Node, scope: Scope): Op[] => [
  { op: 'take', count: t.scalar(node.Expression, scope) },
];

export const sampleDistinct = (t: Translation, node: Node, scope: Scope): Op[] => [
  { op: 'distinct', columns: namedColumns(t, [node.OfExpression], scope, node) },
  { op: 'take', count: t.scalar(node.Expression, scope) },
];

/** Counted exactly. https://learn.microsoft.com/kusto/query/top-hitters-operator */
export function topHitters(t: Translation, node: Node, scope: Scope): Op[] {
  const [value] = namedColumns(t, [node.OfExpression], scope, node);
  const name = columnsOf(node.ResultType)[1]?.Name ?? 'approximate_count_';
  const by = node.ByClause ? [t.scalar(node.ByClause.Expression, scope)] : [];
  return [
    {
      op: 'summarize',
      aggregates: [{ fn: by.length > 0 ? 'sum' : 'count', args: by, names: [name], at: scope.at(node) }],
      by: value ? [value] : [],
    },
    {
      op: 'top',
      count: t.scalar(node.Expression, scope),
      by: [{ expr: { k: 'col', name }, desc: true, nullsFirst: false }],
    },
  ];
}

export function topNested(t: Translation, node: Node, scope: Scope): Op[] {
  const names = columnsOf(node.ResultType).map((column) => column.Name);
  const levels = elements(node.Clauses).map((clause, i): TopNestedLevel => {
    const [value] = namedColumns(t, [clause.OfExpression], scope, node);
    const aggregates: AggregateCall[] = [];
    const result = withHiddenAggregates(t, bare(clause.ByExpression), scope, aggregates);
    return {
      value: { name: names[2 * i] ?? value!.name, expr: value!.expr },
      aggregates,
      result: { name: names[2 * i + 1] ?? `aggregated_${i}`, expr: result },
      desc: kindOf(clause.ByExpression) !== 'OrderedExpression' || ordering(clause.ByExpression) !== 'asc',
      ...(clause.Expression ? { count: t.scalar(clause.Expression, scope) } : {}),
      ...(clause.WithOthersClause ? { others: t.scalar(clause.WithOthersClause.Expression, scope) } : {}),
    };
  });
  return [{ op: 'top-nested', levels }];
}

const ordering = (node: Node): string => node.Ordering.ToString().trim().toLowerCase();
