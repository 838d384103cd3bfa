import type { Column } from '../../kql';
import { load } from './library';
import { items } from './listing';
import type { ColumnSymbol, Node, TypeSymbol } from './node';
import { scalarType } from './scalar-type';

export { items } from './listing';

/** Name of a node's kind, as `FilterOperator`. */
export const kindOf = (node: Node): string => load().nodeKinds[node.Kind] ?? String(node.Kind);

export function childrenOf(node: Node): Node[] {
  const children: Node[] = [];
  for (let i = 0; i < node.ChildCount; i++) {
    const child = node.GetChild(i);
    if (child) children.push(child);
  }
  return children;
}

/** As it is written, white space and comments inside it included. */
export function writtenText(node: Node): string {
  let text = '';
  const visit = (part: Node): void => {
    if (part.IsToken) text += text === '' ? part.Text : `${part.Trivia}${part.Text}`;
    childrenOf(part).forEach(visit);
  };
  visit(node);
  return text;
}

/** The elements of a syntax list, without separators. */
export function elements(list: Node | null | undefined): Node[] {
  const result: Node[] = [];
  if (!list) return result;
  for (const child of childrenOf(list)) {
    const element = kindOf(child) === 'SeparatedElement' ? child.GetChild(0) : child;
    if (element && !(element.IsToken && element.Text === ',')) result.push(element);
  }
  return result;
}

export const columnsOf = (type: TypeSymbol | null | undefined): ColumnSymbol[] => items(type?.Columns);

/** Columns of a table's type; what has no type of ours is dynamic. */
export const knownColumns = (type: TypeSymbol | null | undefined): Column[] =>
  columnsOf(type).map((column) => ({ name: column.Name, type: scalarType(column.Type.Name) ?? 'dynamic' }));

export const membersOf = (type: TypeSymbol | null | undefined): TypeSymbol[] => items(type?.Members);

/** Kind of a symbol: Column, Table, Function, Variable, Parameter, Group …; "" without a symbol. */
export const symbolKind = (symbol: TypeSymbol | null | undefined): string =>
  symbol ? (load().symbolKinds[symbol.Kind] ?? '') : '';

/** The name that Kusto gives an expression without one; "" if it has none of its own. */
export const resultName = (expression: Node): string =>
  load().library.KustoFacts.GetExpressionResultName(expression, '') ?? '';

/** The text that a string literal means, escapes undone. */
export const literalText = (literal: string): string => load().library.KustoFacts.GetStringLiteralValue(literal);
