import type { Expr, Pipeline } from '../kql';
import { elements, items, kindOf, type Listing, type Node, symbolKind } from './kusto';
import { NOTHING } from './literals';
import { Scope } from './scope';
import { cast } from './sources';
import { INVALID, type Translated, type Translation } from './translation';

interface ParameterSymbol {
  readonly Name: string;
  readonly DefaultValue: Node | null;
  readonly DeclaredTypes: Listing<{ readonly Name: string; readonly Kind: number }> | null;
}

interface FunctionSymbol {
  readonly Signatures: Listing<{ readonly Parameters: Listing<ParameterSymbol> }>;
}

/**
 * A call of a `let` function or a saved one, taken in place: parameters become bindings of the body that the binder made for this very
 * call. `input`: the piped table of `invoke`, which is the first argument. undefined: not such a function.
 */
export function callFunction(
  t: Translation,
  node: Node,
  scope: Scope,
  input: Pipeline | undefined,
): Translated | undefined {
  const name = kindOf(node) === 'NameReference' ? node.SimpleName : node.Name.SimpleName;
  const binding = scope.find(name);
  const body = node.GetCalledFunctionBody?.() ?? null;
  if (!body) {
    if (binding?.kind !== 'function') return undefined;
    t.report(INVALID, `function '${name}' could not be called here`, node, scope);
    return {};
  }
  // Problems in the body of a let function are shown in the body; those of a saved function, whose text is elsewhere, at the call.
  const inner =
    binding?.kind === 'function'
      ? new Scope(binding.scope, binding.scope.base + binding.declaration.Body.TriviaStart, binding.scope.calledAt)
      : new Scope(undefined, 0, scope.at(node));
  bindParameters(t, node, scope, inner, input);
  return t.block(body, inner) ?? {};
}

function bindParameters(t: Translation, node: Node, scope: Scope, inner: Scope, input: Pipeline | undefined): void {
  const symbol = node.ReferencedSymbol as unknown as FunctionSymbol | null;
  const parameters = items(items(symbol?.Signatures)[0]?.Parameters);
  const args = kindOf(node) === 'FunctionCallExpression' ? elements(node.ArgumentList.Expressions) : [];
  const named = new Map<string, Node>();
  const positional: Node[] = [];
  for (const arg of args) {
    if (kindOf(arg) === 'SimpleNamedExpression' && parameters.some((p) => p.Name === arg.Name.SimpleName)) {
      named.set(arg.Name.SimpleName, arg.Expression);
    } else positional.push(arg);
  }
  let next = 0;
  parameters.forEach((parameter, i) => {
    if (i === 0 && input) {
      inner.define(parameter.Name, { kind: 'table', plan: input });
      return;
    }
    const type = items(parameter.DeclaredTypes)[0];
    const given = named.get(parameter.Name) ?? positional[next++];
    if (isTabular(type)) {
      if (given) inner.define(parameter.Name, { kind: 'table', plan: t.table(given, scope) });
      return;
    }
    const value = given ?? parameter.DefaultValue;
    const expr = value ? t.scalar(value, given ? scope : inner) : NOTHING;
    inner.define(parameter.Name, { kind: 'scalar', expr: converted(expr, type?.Name) });
  });
}

const isTabular = (type: { readonly Kind: number } | undefined): boolean =>
  type !== undefined && symbolKind(type as never) === 'Table';

/** An argument as the declared number type: `f(x:real)` called with 1 computes with 1.0. */
const converted = (expr: Expr, type: string | undefined): Expr =>
  type === 'real' || type === 'long' || type === 'decimal' ? cast(expr, type) : expr;
