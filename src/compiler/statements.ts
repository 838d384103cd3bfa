import { elements, kindOf, type Node } from './kusto';
import { isTable } from './node-facts';
import { openColumns } from './open-columns';
import type { Scope } from './scope';
import { INVALID, type Translated, type Translation, UNSUPPORTED } from './translation';
import { unsupportedNode } from './unsupported';

/** Statements of a query or of a function's body; the last expression is the result. undefined: there is none. */
export function translateBlock(t: Translation, node: Node, scope: Scope): Translated | undefined {
  for (const name of openColumns(node)) t.state.openColumns.add(name);
  let last: Node | undefined;
  for (const statement of elements(node.Statements)) {
    if (kindOf(statement) === 'ExpressionStatement') last = statement.Expression;
    else define(t, statement, scope);
  }
  if (kindOf(node) === 'FunctionBody' && node.Expression) last = node.Expression;
  if (!last) {
    t.report(INVALID, 'the query has no expression that gives a table', node, scope);
    return undefined;
  }
  return isTable(last) || kindOf(node) === 'QueryBlock'
    ? { plan: t.table(last, scope) }
    : { expr: t.scalar(last, scope) };
}

/** A statement before the result: names for the scope, options of the query. */
function define(t: Translation, node: Node, scope: Scope): void {
  switch (kindOf(node)) {
    case 'LetStatement': {
      const name = node.Name.SimpleName;
      const value = node.Expression;
      if (kindOf(value) === 'FunctionDeclaration') scope.define(name, { kind: 'function', declaration: value, scope });
      else if (isTable(value)) scope.define(name, { kind: 'table', plan: t.table(value, scope) });
      else scope.define(name, { kind: 'scalar', expr: t.scalar(value, scope) });
      return;
    }
    case 'QueryParametersStatement':
      for (const parameter of elements(node.Parameters)) {
        const declared = parameter.NameAndType ?? parameter;
        if (!parameter.DefaultValue) {
          t.report(INVALID, 'a query parameter of a rule needs a default value', parameter, scope);
          continue;
        }
        scope.define(declared.Name.SimpleName, {
          kind: 'scalar',
          expr: t.scalar(parameter.DefaultValue.Value, scope),
        });
      }
      return;
    case 'PatternStatement':
      scope.define(node.Name.SimpleName, { kind: 'pattern', matches: elements(node.Pattern?.Patterns), scope });
      return;
    case 'RestrictStatement':
      // It only takes names out of reach: a query that binds without them gives the same rows.
      return;
    case 'SetOptionStatement':
      if (node.ValueClause)
        t.state.options.set(node.Name.SimpleName.toLowerCase(), t.scalar(node.ValueClause.Expression, scope));
      return;
    default:
      t.report(UNSUPPORTED, unsupportedNode(kindOf(node)), node, scope);
  }
}
