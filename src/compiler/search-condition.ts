import { anyColumn, type Column, type Expr, mapParts, nullOf } from '../kql';
import { BINARY, flat } from './binary-operators';
import { elements, kindOf, type Node, symbolKind } from './kusto';
import { literal, literalValue } from './literals';
import type { Scope } from './scope';
import type { Translation } from './translation';

/** What the condition of `search` and `find` is read against. */
export interface Searched {
  /** Columns of the table that is looked through. */
  readonly columns: readonly Column[];
  /** Columns of the other tables, which are null here. */
  readonly others: readonly Column[];
  readonly isCaseSensitive: boolean;
}

/**
 * The condition of `search` or `find` over one table: terms look at every column.
 * https://learn.microsoft.com/kusto/query/search-operator#search-predicate-syntax
 */
export function searchCondition(t: Translation, node: Node, scope: Scope, searched: Searched): Expr {
  const at = scope.at(node);
  const part = (inner: Node): Expr => searchCondition(t, inner, scope, searched);
  const kind = kindOf(node);
  switch (kind) {
    case 'AndExpression':
    case 'OrExpression':
      return flat({ k: 'call', fn: BINARY[kind]!, args: [part(node.Left), part(node.Right)], at });
    case 'ParenthesizedExpression':
      return part(node.Expression);
    case 'StarExpression':
      return literal(true, 'bool');
    case 'SearchExpression':
      return restricted(t, node, scope, searched);
    case 'FunctionCallExpression':
      if (node.Name.SimpleName === 'not')
        return { k: 'call', fn: 'not', args: elements(node.ArgumentList.Expressions).map(part), at };
      break;
    default:
  }
  if (node.Left && kindOf(node.Left) === 'StarExpression' && BINARY[kind])
    return anyColumn(searched.columns, cased(BINARY[kind], searched), t.scalar(node.Right, scope), at);
  const expr = t.scalar(node, scope);
  const text = expr.k === 'lit' && expr.t === 'string' ? String(expr.v) : undefined;
  return text === undefined ? ofTable(expr, searched) : anywhere(text, searched, at);
}

function anywhere(text: string, searched: Searched, at: number): Expr {
  if (/^\*+$/.test(text)) return literal(true, 'bool');
  const { fn, operand } = term(text, searched);
  return anyColumn(searched.columns, fn, literal(operand, 'string'), at);
}

/** `column:"term"` */
function restricted(t: Translation, node: Node, scope: Scope, searched: Searched): Expr {
  const at = scope.at(node);
  const text = String(literalValue(node.Right)?.value ?? '');
  if (kindOf(node.Left) === 'StarExpression') return anywhere(text, searched, at);
  const { fn, operand } = term(text, searched);
  const isColumn = symbolKind(node.Left.ReferencedSymbol) === 'Column';
  const left: Expr = isColumn ? { k: 'col', name: node.Left.SimpleName, at } : t.scalar(node.Left, scope);
  const asText: Expr = { k: 'call', fn: 'tostring', args: [ofTable(left, searched)], at };
  return { k: 'call', fn, args: [asText, literal(operand, 'string')], at };
}

/** Which operator a search term means, by where it has asterisks. */
function term(text: string, searched: Searched): { fn: string; operand: string } {
  const inner = text.replace(/^\*+|\*+$/g, '');
  const before = text.startsWith('*');
  const after = text.endsWith('*');
  if (inner.includes('*')) {
    const pattern = inner
      .split(/\*+/)
      .map((piece) => piece.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&'))
      .join('.*');
    const flags = searched.isCaseSensitive ? '' : '(?i)';
    return { fn: 'matches regex', operand: `${flags}${before ? '' : '\\b'}${pattern}${after ? '' : '\\b'}` };
  }
  const fn = before && after ? 'contains' : before ? 'hassuffix' : after ? 'hasprefix' : 'has';
  return { fn: cased(fn, searched), operand: inner };
}

const CASED = /^!?(has|hasprefix|hassuffix|contains|startswith|endswith)$/;

function cased(fn: string, searched: Searched): string {
  if (!searched.isCaseSensitive) return fn;
  if (CASED.test(fn)) return `${fn}_cs`;
  return fn === '=~' ? '==' : fn === '!~' ? '!=' : fn;
}

/** An expression for one table of several: columns that only others have are null, of the type that they have there. */
function ofTable(expr: Expr, searched: Searched): Expr {
  if (expr.k === 'col') {
    const named = ({ name }: Column): boolean => name === expr.name;
    const other = searched.columns.some(named) ? undefined : searched.others.find(named);
    return other ? literal(nullOf(other.type), other.type) : expr;
  }
  const mapped = mapParts(expr, (part) => ofTable(part, searched));
  return mapped.k === 'call' ? { ...mapped, fn: cased(mapped.fn, searched) } : mapped;
}
