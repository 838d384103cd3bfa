import type { Expr, Op, Pipeline, SortKey } from '../../kql';
import { elements, kindOf, type Node } from '../kusto';
import { literal } from '../literals';
import type { Scope } from '../scope';
import { cast } from '../sources';
import { INVALID, type Translation } from '../translation';
import { namedColumns } from './columns';

export const filter = (t: Translation, node: Node, scope: Scope): Op[] => [
  { op: 'where', cond: t.scalar(node.Condition, scope) },
];

export const take = (t: Translation, node: Node, scope: Scope): Op[] => [
  { op: 'take', count: t.scalar(node.Expression, scope) },
];

export const count = (_t: Translation, node: Node): Op[] => [
  {
    op: 'count',
    name: node.AsIdentifier
      ? (node.AsIdentifier.Identifier.SimpleName ?? node.AsIdentifier.Identifier.Text).trim()
      : 'Count',
  },
];

export const getSchema = (): Op[] => [{ op: 'getschema' }];
/** Gives no rows. https://learn.microsoft.com/kusto/query/consume-operator */
export const consume = (): Op[] => [{ op: 'take', count: literal(0, 'long') }];

/** A chart changes no row. */
export const render = (): Op[] => [];

export function distinct(t: Translation, node: Node, scope: Scope): Op[] {
  const list = elements(node.Expressions);
  if (list.some((item) => kindOf(item) === 'StarExpression')) return [{ op: 'distinct', columns: undefined }];
  return [{ op: 'distinct', columns: namedColumns(t, list, scope, node) }];
}

/** Default order is descending; nulls come last when descending, first when ascending. */
export function sortKey(t: Translation, node: Node, scope: Scope): SortKey {
  if (kindOf(node) !== 'OrderedExpression') return { expr: orderable(t, node, scope), desc: true, nullsFirst: false };
  const words = node.Ordering?.ToString().toLowerCase().trim().split(/\s+/) ?? [];
  const text = node.Ordering?.ToString().toLowerCase() ?? '';
  const desc = !(words[0]?.startsWith('asc') || text.trim().startsWith('asc'));
  const nullsFirst = /first/.test(text) ? true : /last/.test(text) ? false : !desc;
  return { expr: orderable(t, node.Expression, scope), desc, nullsFirst };
}

/** A dynamic value is sorted by its JSON text. */
function orderable(t: Translation, node: Node, scope: Scope): Expr {
  const expr = t.scalar(node, scope);
  return node.ResultType?.Name === 'dynamic' ? cast(expr, 'string') : expr;
}

export const sort = (t: Translation, node: Node, scope: Scope): Op[] => [
  { op: 'sort', by: elements(node.Expressions).map((item) => sortKey(t, item, scope)) },
];

export const top = (t: Translation, node: Node, scope: Scope): Op[] => [
  { op: 'top', count: t.scalar(node.Expression, scope), by: [sortKey(t, node.ByExpression, scope)] },
];

/** `as X`: later parts of the query may use the rows so far by this name. */
export function asOperator(_t: Translation, node: Node, scope: Scope, input: Pipeline): Pipeline {
  scope.define(node.Name.SimpleName, { kind: 'table', plan: input });
  return input;
}

export function invoke(t: Translation, node: Node, scope: Scope, input: Pipeline): Pipeline {
  const called = t.call(node.Function, scope, input);
  if (called?.plan) return called.plan;
  t.report(INVALID, 'invoke takes a function that gives a table', node, scope);
  return input;
}
