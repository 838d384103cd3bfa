import type { Expr, NamedExpr } from '../../kql/ir';
import { columnsOf, elements, kindOf, type Node, resultName } from '../kusto';
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
  const used = new Set<string>();
  let unnamed = 0;
  return list.flatMap((node): NamedExpr[] => {
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
    let name =
      kindOf(node) === 'SimpleNamedExpression'
        ? node.Name.SimpleName
        : kindOf(inner) === 'NameReference'
          ? inner.SimpleName
          : '';
    const isTuple = columnsOf(inner.RawResultType).length > 1;
    if (name === '')
      name =
        results.find((column) => column.Source !== null && (column.Source === inner || column.Source === node))?.Name ??
        '';
    if (name === '') name = resultName(inner);
    if (name === '') {
      unnamed++;
      name = prefix === 'print_' ? `print_${list.indexOf(node)}` : `${prefix}${unnamed}`;
    }
    used.add(name);
    const expr = t.scalar(node, scope);
    return [{ name, expr: isTuple ? item(expr, 0) : expr }];
  });
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
