import type { Expr, JoinKind, Op } from '../../kql';
import { elements, kindOf, type Node } from '../kusto';
import type { Scope } from '../scope';
import { INVALID, type Translation } from '../translation';
import { bare, parameters, parameterText } from './columns';

interface On {
  readonly left: Expr;
  readonly right: Expr;
}

/** `on Key, $left.a == $right.b` */
function conditions(t: Translation, list: readonly Node[], scope: Scope): On[] {
  return list.flatMap((node): On[] => {
    const inner = bare(node);
    const kind = kindOf(inner);
    if (kind === 'AndExpression') return conditions(t, [inner.Left, inner.Right], scope);
    if (kind === 'NameReference')
      return [{ left: { k: 'col', name: inner.SimpleName }, right: { k: 'col', name: inner.SimpleName } }];
    if (kind === 'EqualExpression') {
      const sides = [side(inner.Left), side(inner.Right)];
      const left = sides.find((item) => item?.of === '$left');
      const right = sides.find((item) => item?.of === '$right');
      if (left && right) return [{ left: { k: 'col', name: left.name }, right: { k: 'col', name: right.name } }];
    }
    t.report(INVALID, "a join condition is a column name or '$left.a == $right.b'", node, scope);
    return [];
  });
}

function side(node: Node): { of: string; name: string } | undefined {
  const inner = bare(node);
  if (kindOf(inner) !== 'PathExpression' || kindOf(inner.Expression) !== 'NameReference') return undefined;
  return { of: inner.Expression.SimpleName, name: inner.Selector.SimpleName };
}

const KINDS = new Set<string>([
  'innerunique',
  'inner',
  'leftouter',
  'rightouter',
  'fullouter',
  'leftsemi',
  'rightsemi',
  'leftanti',
  'rightanti',
]);
const KIND_ALIASES: Readonly<Record<string, JoinKind>> = {
  anti: 'leftanti',
  leftantisemi: 'leftanti',
  rightantisemi: 'rightanti',
};

export function join(t: Translation, node: Node, scope: Scope): Op[] {
  const text = parameterText(parameters(node.Parameters).get('kind')) ?? 'innerunique';
  const kind = KINDS.has(text) ? (text as JoinKind) : KIND_ALIASES[text];
  if (!kind) t.report(INVALID, `join kind '${text}' is not known`, node, scope);
  const right = t.table(node.Expression, scope);
  const on = conditions(t, elements(node.ConditionClause?.Expressions), scope);
  return [{ op: 'join', kind: kind ?? 'innerunique', right, on }];
}

export function lookup(t: Translation, node: Node, scope: Scope): Op[] {
  const kind = parameterText(parameters(node.Parameters).get('kind')) === 'inner' ? 'inner' : 'leftouter';
  const right = t.table(node.Expression, scope);
  return [{ op: 'lookup', kind, right, on: conditions(t, elements(node.LookupClause?.Expressions), scope) }];
}
