import { type Expr, type Op, type ScanStep, scanColumn } from '../../kql';
import { elements, kindOf, type Node } from '../kusto';
import type { Scope } from '../scope';
import type { Translation } from '../translation';
import { parameters, parameterText } from './columns';
import { declaredColumn } from './parse';
import { sortKey } from './simple';

/** Nodes of a list whose items stand without separators. */
const items = (list: Node): Node[] =>
  Array.from({ length: list.ChildCount }, (_, i) => list.GetChild(i)).filter((item) => item !== null);

export function scan(t: Translation, node: Node, scope: Scope): Op[] {
  const declare = elements(node.DeclareClause?.Declarations).map((item) => ({
    ...declaredColumn(t, item.NameAndType, scope),
    ...(item.DefaultValue ? { fallback: t.scalar(item.DefaultValue.Value, scope) } : {}),
  }));
  const nodes = items(node.Steps);
  const inner = withStates(t, new Set(nodes.map((step) => step.Name.SimpleName)));
  const steps = nodes.map((step): ScanStep => {
    const output = step.ScanStepOutput?.OutputKind.Text;
    return {
      name: step.Name.SimpleName,
      cond: inner.scalar(step.Condition, scope),
      output: output === 'last' || output === 'none' ? output : 'all',
      assign: elements(step.ComputationClause?.Assignments).map((item) => ({
        name: item.Name.SimpleName,
        expr: inner.scalar(item.Expression, scope),
      })),
    };
  });
  const matchId = parameterText(parameters(node.Parameters).get('with_match_id'));
  const order = elements(node.OrderByClause?.Expressions).map((item) => sortKey(t, item, scope));
  const ops: Op[] = [
    ...(order.length > 0 ? [{ op: 'sort', by: order } as const] : []),
    { op: 'scan', declare, steps, ...(matchId === undefined ? {} : { matchId }) },
  ];
  const keys = elements(node.PartitionByClause?.Expressions).map((item) => t.scalar(item, scope));
  if (keys.length === 0) return ops;
  // Each partition is scanned by itself, its matches numbered from 0.
  const by: Expr = keys.length === 1 ? keys[0]! : { k: 'call', fn: 'pack_array', args: keys };
  return [{ op: 'partition', by, sub: { source: { kind: 'input' }, ops } }];
}

/** A translation in which `step.column` is a column of the scan's state. */
const withStates = (t: Translation, steps: ReadonlySet<string>): Translation =>
  t.withRule((_, node, scope) => {
    if (kindOf(node) !== 'PathExpression' || kindOf(node.Expression) !== 'NameReference') return undefined;
    const step = node.Expression.SimpleName;
    if (!steps.has(step)) return undefined;
    return { k: 'col', name: scanColumn(step, node.Selector.SimpleName), at: scope.at(node) };
  });
