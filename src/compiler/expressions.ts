import { anyColumn, type Expr } from '../kql';
import { BINARY, flat, LIST } from './binary-operators';
import { now, translateCall } from './function-calls';
import { elements, kindOf, knownColumns, type Node, scalarType, symbolKind } from './kusto';
import { dynamicValue, literal, literalValue, NOTHING } from './literals';
import { inputOf, isTable } from './node-facts';
import type { Scope } from './scope';
import { INVALID, type Translation, UNSUPPORTED } from './translation';

/** A scalar expression node → plan expression. Problems are reported, and something harmless returned. */
export function translateScalar(t: Translation, node: Node, scope: Scope): Expr {
  const kind = kindOf(node);
  const at = scope.at(node);
  if (BINARY[kind] && kindOf(node.Left) === 'StarExpression') return anyColumnOfInput(t, BINARY[kind], node, scope);
  if (BINARY[kind])
    return flat({ k: 'call', fn: BINARY[kind], args: [t.scalar(node.Left, scope), t.scalar(node.Right, scope)], at });
  if (LIST[kind]) return listExpression(t, LIST[kind], node, scope);
  if (isPresent(node)) return now(t);
  const known = literalValue(node);
  if (known) {
    if (known.fault) t.report(INVALID, known.fault, node, scope);
    return literal(known.value, known.type);
  }
  switch (kind) {
    case 'ParenthesizedExpression':
    case 'SimpleNamedExpression':
    case 'OrderedExpression':
    case 'MaterializeExpression':
      return t.scalar(node.Expression, scope);
    case 'NullLiteralExpression':
      return NOTHING;
    case 'DynamicExpression':
      return literal(dynamicValue(node), 'dynamic');
    case 'TypeOfLiteralExpression':
      return literal(typeName(node), 'string');
    case 'NameReference':
      return nameReference(t, node, scope);
    case 'BetweenExpression':
    case 'NotBetweenExpression':
      return {
        k: 'call',
        fn: kind === 'BetweenExpression' ? 'between' : '!between',
        args: [t.scalar(node.Left, scope), t.scalar(node.Right.First, scope), t.scalar(node.Right.Second, scope)],
        at,
      };
    case 'UnaryMinusExpression':
      return { k: 'call', fn: 'unary-', args: [t.scalar(node.Expression, scope)], at };
    case 'UnaryPlusExpression':
      return t.scalar(node.Expression, scope);
    case 'PathExpression':
      return pathExpression(t, node, scope);
    case 'ElementExpression':
      return {
        k: 'call',
        fn: '[]',
        args: [t.scalar(node.Expression, scope), t.scalar(node.Selector.Expression, scope)],
        at,
      };
    case 'ToScalarExpression':
      return isTable(node.Expression)
        ? { k: 'toscalar', plan: t.table(node.Expression, scope) }
        : t.scalar(node.Expression, scope);
    case 'FunctionCallExpression':
      return translateCall(t, node, scope);
    default:
      t.report(UNSUPPORTED, `${kind} is not supported in an expression`, node, scope);
      return NOTHING;
  }
}

/** `datetime()` without anything in it. */
const isPresent = (node: Node): boolean =>
  kindOf(node) === 'DateTimeLiteralExpression' && node.Token.ValueText.trim() === '';

/** `* has "x"`: whether any column of the operator's input does, as text. */
function anyColumnOfInput(t: Translation, fn: string, node: Node, scope: Scope): Expr {
  const type = inputOf(node)?.ResultType;
  const columns = knownColumns(type);
  const right = t.scalar(node.Right, scope);
  const at = scope.at(node);
  // The columns that a plugin such as bag_unpack gives are known when it has run.
  if (columns.length === 0 || type?.IsOpen) return { k: 'anycolumn', fn, right, at };
  return anyColumn(columns, fn, right, at);
}

function typeName(node: Node): string {
  const first = elements(node.Types)[0];
  const text = first ? first.ToString().trim() : '';
  return scalarType(text) ?? text;
}

function listExpression(t: Translation, fn: string, node: Node, scope: Scope): Expr {
  const items = kindOf(node.Right) === 'ExpressionList' ? elements(node.Right.Expressions) : [node.Right];
  const left = t.scalar(node.Left, scope);
  const [only] = items;
  if (items.length === 1 && only && isTable(only)) {
    return { k: 'intable', fn, left, plan: t.table(only, scope), at: scope.at(node) };
  }
  return { k: 'call', fn, args: [left, ...items.map((item) => t.scalar(item, scope))], at: scope.at(node) };
}

function nameReference(t: Translation, node: Node, scope: Scope): Expr {
  const name = node.SimpleName;
  const symbol = symbolKind(node.ReferencedSymbol);
  if (symbol !== 'Column') {
    const binding = scope.find(name);
    if (binding?.kind === 'scalar') return binding.expr;
    if (binding?.kind === 'table') return { k: 'toscalar', plan: binding.plan };
    if (binding?.kind === 'function') {
      const called = t.call(node, scope);
      if (called?.expr) return called.expr;
    }
  }
  return { k: 'col', name, at: scope.at(node) };
}

function pathExpression(t: Translation, node: Node, scope: Scope): Expr {
  const selector = node.Selector;
  const object = t.scalar(node.Expression, scope);
  const at = scope.at(node);
  if (kindOf(selector) === 'BracketedExpression') {
    return { k: 'call', fn: '[]', args: [object, t.scalar(selector.Expression, scope)], at };
  }
  return { k: 'call', fn: '.member', args: [object, literal(selector.SimpleName, 'string')], at };
}
