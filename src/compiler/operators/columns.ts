import type { Expr, NamedExpr } from '../../kql';
import { columnsOf, elements, kindOf, type Node, resultName, symbolKind } from '../kusto';
import { literal } from '../literals';
import type { Scope } from '../scope';
import type { Translation } from '../translation';

/**
 * Names and expressions of a column list (`extend`, `project`, `print`, `distinct`, `by`). The name of an unnamed expression is the one
 * that Microsoft's binder gave its result column.
 */
export function namedColumns(
  t: Translation,
  list: readonly Node[],
  scope: Scope,
  operator: Node,
  prefix = 'Column',
): NamedExpr[] {
  const results = columnsOf(operator.ResultType);
  let unnamed = 0;
  const columns = list.flatMap((node): NamedExpr[] => {
    if (kindOf(node) === 'CompoundNamedExpression') return compound(t, node, scope);
    const inner = bare(node);
    if (
      kindOf(inner) === 'FunctionCallExpression' &&
      columnsOf(inner.RawResultType).length > 1 &&
      kindOf(node) !== 'SimpleNamedExpression'
    ) {
      const tuple = columnsOf(inner.RawResultType);
      const expr = t.scalar(inner, scope);
      return tuple.map((column, i) => ({ name: column.Name, expr: item(expr, i) }));
    }
    const isTuple = columnsOf(inner.RawResultType).length > 1;
    const bound = results.find(
      (column) => column.Source !== null && (column.Source === inner || column.Source === node),
    );
    let name = ownName(node, inner) ?? bound?.Name ?? resultName(inner);
    if (name === '') {
      unnamed++;
      name = prefix === 'print_' ? `print_${list.indexOf(node)}` : `${prefix}${unnamed}`;
    }
    const expr = t.scalar(node, scope);
    return [{ name, expr: isTuple ? item(expr, 0) : expr }];
  });
  // Where two columns would have one name the binder numbers the later one; its names are those of the result, in this order.
  if (!IN_PLACE.has(kindOf(operator)) || results.length < columns.length) return columns;
  return columns.map(({ expr }, i) => ({ name: results[i]!.Name, expr }));
}

/** Operators whose result begins with the columns of the list. */
const IN_PLACE = new Set(['ProjectOperator', 'PrintOperator', 'DistinctOperator', 'SummarizeOperator']);

/** The name that stands in the query: `a = …`, or a column by itself. A variable by itself gives none. */
function ownName(node: Node, inner: Node): string | undefined {
  if (kindOf(node) === 'SimpleNamedExpression') return node.Name.SimpleName;
  const isVariable = ['Variable', 'Parameter'].includes(symbolKind(inner.ReferencedSymbol));
  return kindOf(inner) === 'NameReference' && !isVariable ? inner.SimpleName : undefined;
}

/** `(a, b) = f()`: the call gives an array, taken apart. */
function compound(t: Translation, node: Node, scope: Scope): NamedExpr[] {
  const expr = t.scalar(node.Expression, scope);
  return elements(node.Names.Names).map((name, i) => ({ name: name.SimpleName, expr: item(expr, i) }));
}

const item = (expr: Expr, index: number): Expr => ({ k: 'call', fn: '[]', args: [expr, literal(index, 'long')] });

/** An expression without its name or names, order and parentheses. */
export function bare(node: Node): Node {
  const kind = kindOf(node);
  return kind === 'SimpleNamedExpression' ||
    kind === 'CompoundNamedExpression' ||
    kind === 'OrderedExpression' ||
    kind === 'ParenthesizedExpression'
    ? bare(node.Expression)
    : node;
}

/** Values of `name=value` parameters of an operator, as written. */
export function parameters(list: Node | null | undefined): Map<string, Node> {
  const result = new Map<string, Node>();
  for (const node of elements(list)) {
    if (kindOf(node) === 'NamedParameter') result.set(node.Name.SimpleName, node.Expression);
  }
  return result;
}

/** Text of a parameter's value: a bare word, a name or a string. */
export function parameterText(node: Node | undefined): string | undefined {
  if (!node) return undefined;
  const kind = kindOf(node);
  if (kind === 'StringLiteralExpression' || kind === 'CompoundStringLiteralExpression')
    return String(node.LiteralValue);
  if (kind === 'NameDeclaration' || kind === 'NameReference') return node.SimpleName;
  return node.ToString().trim();
}
