import type { Pipeline } from '../kql';
import { elements, kindOf, type Node } from './kusto';
import { literalValue } from './literals';
import { Scope } from './scope';
import { INVALID, type Translation } from './translation';

/**
 * A use of a pattern, `p("a", "b")` or `p("a").path`: the table of the tuple that has these values. undefined: no pattern is called so.
 * https://learn.microsoft.com/kusto/query/pattern-statement
 */
export function patternTable(t: Translation, node: Node, scope: Scope): Pipeline | undefined {
  const call = kindOf(node) === 'PathExpression' ? node.Expression : node;
  if (kindOf(call) !== 'FunctionCallExpression') return undefined;
  const binding = scope.find(call.Name.SimpleName);
  if (binding?.kind !== 'pattern') return undefined;
  const path = call === node ? undefined : node.Selector.SimpleName;
  const given = JSON.stringify([valuesOf(call.ArgumentList), path]);
  const match = binding.matches.find(
    (item) =>
      JSON.stringify([
        valuesOf(item.ParameterValues),
        item.PathValue ? literalText(item.PathValue.Value) : undefined,
      ]) === given,
  );
  if (!match) {
    t.report(INVALID, `pattern '${call.Name.SimpleName}' defines nothing for these values`, node, scope);
    return undefined;
  }
  return t.block(match.Body, new Scope(binding.scope, binding.scope.base, binding.scope.calledAt))?.plan;
}

const literalText = (node: Node): string => String(literalValue(node)?.value ?? '');
const valuesOf = (list: Node): string[] => elements(list.Expressions).map(literalText);
