import type { Op, Pipeline, Union } from '../../kql';
import { elements, kindOf, knownColumns, membersOf, type Node, symbolKind } from '../kusto';
import type { Scope } from '../scope';
import { INVALID, type Translation, type UnionMember, unknownSource } from '../translation';
import { bare, parameters, parameterText } from './columns';

/** The legs of a union: tables, wildcards over table names, queries. What does not exist is left out where the union is fuzzy. */
export function legs(t: Translation, node: Node, scope: Scope, isFuzzy: boolean): UnionMember[] {
  return elements(node.Expressions).flatMap((item): UnionMember[] => {
    const inner = bare(item);
    const missing = missingName(inner, scope);
    if (missing) {
      leaveOut(t, missing, scope, isFuzzy);
      return [];
    }
    if (kindOf(inner) === 'NameReference' && !scope.find(inner.SimpleName)) {
      if (symbolKind(inner.ReferencedSymbol) === 'Group') {
        return membersOf(inner.ReferencedSymbol).map((table) => ({
          plan: t.state.source(table.Name),
          name: table.Name,
          columns: knownColumns(table),
        }));
      }
      if (symbolKind(inner.ReferencedSymbol) === 'Table') {
        // A wildcard that matches one table is bound to that table.
        const name = inner.ReferencedSymbol!.Name;
        return [{ plan: t.state.source(name), name, columns: knownColumns(inner.ReferencedSymbol) }];
      }
    }
    return [{ plan: t.table(item, scope), name: nameOf(inner), columns: knownColumns(inner.ResultType) }];
  });
}

/** Reports a leg that does not exist, in a saved function only: in the query itself the binder has reported it. */
function leaveOut(t: Translation, missing: Node, scope: Scope, isFuzzy: boolean): void {
  if (!scope.isElsewhere()) return;
  const name = missing.SimpleName ?? missing.ToString().trim();
  if (isFuzzy) t.warn('missing-leg', `'${name}' is not known: the union goes without it`, missing, scope);
  else t.report(INVALID, unknownSource(name), missing, scope);
}

/** The name that a leg starts from, if there is no such table or function. */
function missingName(node: Node, scope: Scope): Node | undefined {
  const inner = bare(node);
  switch (kindOf(inner)) {
    case 'PipeExpression':
      return missingName(inner.Expression, scope);
    case 'NameReference':
      return !inner.ReferencedSymbol && !scope.find(inner.SimpleName) ? inner : undefined;
    case 'FunctionCallExpression':
      return !inner.Name.ReferencedSymbol && !inner.ReferencedSymbol && !scope.find(inner.Name.SimpleName)
        ? inner.Name
        : undefined;
    default:
      return undefined;
  }
}

/** A leg's name in the `withsource` column: a table's or view's own, or that which `as` gave it. */
export function nameOf(node: Node): string | undefined {
  if (kindOf(node) === 'NameReference') return node.SimpleName;
  if (kindOf(node) === 'PipeExpression' && kindOf(node.Operator) === 'AsOperator') return node.Operator.Name.SimpleName;
  return undefined;
}

function union(t: Translation, node: Node, scope: Scope, piped: boolean): Union {
  const left = piped && node.Parent?.Expression ? nameOf(bare(node.Parent.Expression)) : undefined;
  const given = parameters(node.Parameters);
  const isFuzzy = /true/i.test(parameterText(given.get('isfuzzy')) ?? '');
  const all = legs(t, node, scope, isFuzzy);
  if (all.length === 0 && !piped) t.report(INVALID, 'none of the tables of the union is known', node, scope);
  const withSource = parameterText(given.get('withsource') ?? given.get('with_source'));
  const offset = piped ? 1 : 0;
  const sourceNames = all.map((leg, i) => leg.name ?? `union_arg${i + offset}`);
  return {
    legs: all.map((leg) => leg.plan),
    kind: parameterText(given.get('kind')) === 'inner' ? 'inner' : 'outer',
    ...(isFuzzy ? { fuzzyFrom: 0 } : {}),
    ...(withSource === undefined
      ? {}
      : { withSource, sourceNames: piped ? [left ?? 'union_arg0', ...sourceNames] : sourceNames }),
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
