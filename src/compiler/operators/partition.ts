import { type AggregateCall, type Op, PARTITION_KEY, type TopNestedLevel } from '../../kql';
import { columnsOf, elements, kindOf, type Node, symbolKind } from '../kusto';
import { Scope } from '../scope';
import type { Translation } from '../translation';
import { bare, namedColumns } from './columns';
import { withHiddenAggregates } from './summarize';

/** `partition by k (subquery)`, and `partition by k { query }`, in which `toscalar(k)` is the value. */
export function partition(t: Translation, node: Node, scope: Scope): Op[] {
  const by = t.scalar(node.ByExpression, scope);
  if (kindOf(node.Operand) === 'PartitionSubquery') {
    return [{ op: 'partition', by, sub: t.table(node.Operand.Subquery, new Scope(scope, scope.base, scope.calledAt)) }];
  }
  const inner = t.withRule((_, part) =>
    kindOf(part) === 'ToScalarExpression' &&
    isColumn(part.Expression) &&
    by.k === 'col' &&
    part.Expression.SimpleName === by.name
      ? { k: 'col', name: PARTITION_KEY }
      : undefined,
  );
  return [{ op: 'partition', by, sub: inner.table(node.Operand.Query, scope) }];
}

const isColumn = (node: Node): boolean =>
  kindOf(node) === 'NameReference' && symbolKind(node.ReferencedSymbol) === 'Column';

/** Kusto does not say which rows `sample` takes; here it takes the first, so that a window run again gives the same. */
export const sample = (t: Translation, node: Node, scope: Scope): Op[] => [
  { op: 'take', count: t.scalar(node.Expression, scope) },
];

export const sampleDistinct = (t: Translation, node: Node, scope: Scope): Op[] => [
  { op: 'distinct', columns: namedColumns(t, [node.OfExpression], scope, node) },
  { op: 'take', count: t.scalar(node.Expression, scope) },
];

/** Kusto's counts are approximate, these are exact. https://learn.microsoft.com/kusto/query/top-hitters-operator */
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
