import type { Op, Pipeline, Union } from '../../kql/ir';
import { elements, kindOf, membersOf, type Node, symbolKind } from '../kusto';
import type { Scope } from '../scope';
import type { Translation } from '../translation';
import { bare, parameters, parameterText } from './columns';

interface Leg {
  readonly plan: Pipeline;
  readonly name: string | undefined;
}

/** The legs of a union: tables, wildcards over table names, queries. A table that does not exist is left out where `isfuzzy` allows. */
function legs(t: Translation, node: Node, scope: Scope): Leg[] {
  return elements(node.Expressions).flatMap((item): Leg[] => {
    const inner = bare(item);
    if (kindOf(inner) === 'NameReference' && !scope.find(inner.SimpleName)) {
      if (symbolKind(inner.ReferencedSymbol) === 'Group') {
        return membersOf(inner.ReferencedSymbol).map((table) => ({ plan: t.source(table.Name), name: table.Name }));
      }
      if (!inner.ReferencedSymbol) return [];
      if (symbolKind(inner.ReferencedSymbol) === 'Table')
        return [{ plan: t.source(inner.SimpleName), name: inner.SimpleName }];
    }
    if (isMissing(inner, scope)) return [];
    return [{ plan: t.table(item, scope), name: nameOf(inner) }];
  });
}

/** Whether a leg starts from a table that does not exist; the binder has refused it where the union is not fuzzy. */
function isMissing(node: Node, scope: Scope): boolean {
  const inner = bare(node);
  if (kindOf(inner) === 'PipeExpression') return isMissing(inner.Expression, scope);
  return kindOf(inner) === 'NameReference' && !inner.ReferencedSymbol && !scope.find(inner.SimpleName);
}

/** A leg's name in the `withsource` column: a view's own, or that which `as` gave it. */
function nameOf(node: Node): string | undefined {
  if (kindOf(node) === 'NameReference') return node.SimpleName;
  if (kindOf(node) === 'PipeExpression' && kindOf(node.Operator) === 'AsOperator') return node.Operator.Name.SimpleName;
  return undefined;
}

function union(t: Translation, node: Node, scope: Scope, piped: boolean): Union {
  const given = parameters(node.Parameters);
  const all = legs(t, node, scope);
  const withSource = parameterText(given.get('withsource') ?? given.get('with_source'));
  const offset = piped ? 1 : 0;
  const sourceNames = all.map((leg, i) => leg.name ?? `union_arg${i + offset}`);
  return {
    legs: all.map((leg) => leg.plan),
    kind: parameterText(given.get('kind')) === 'inner' ? 'inner' : 'outer',
    ...(withSource === undefined
      ? {}
      : { withSource, sourceNames: piped ? ['union_arg0', ...sourceNames] : sourceNames }),
  };
}

/** `union A, B` */
export const sourceUnion = (t: Translation, node: Node, scope: Scope): Pipeline => ({
  source: { kind: 'union', union: union(t, node, scope, false) },
  ops: [],
});

/** `T | union B` */
export const pipedUnion = (t: Translation, node: Node, scope: Scope): Op[] => [
  { op: 'union', union: union(t, node, scope, true) },
];
