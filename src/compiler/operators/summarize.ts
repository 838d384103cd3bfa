import { type AggregateCall, type Expr, findAggregate, freeName, type NamedExpr, type Op } from '../../kql';
import { columnsOf, elements, kindOf, type Node, resultName } from '../kusto';
import type { Scope } from '../scope';
import type { Translation } from '../translation';
import { bare, namedColumns } from './columns';

/** Whether a node is a call of an aggregate (and not of a `let` function of that name). */
function isAggregate(node: Node, scope: Scope): boolean {
  return (
    kindOf(node) === 'FunctionCallExpression' &&
    !scope.find(node.Name.SimpleName) &&
    findAggregate(node.Name.SimpleName) !== undefined
  );
}

/** An aggregate call; `names`: its output columns. */
export function aggregateCall(t: Translation, node: Node, scope: Scope, names: readonly string[]): AggregateCall {
  const list = elements(node.ArgumentList.Expressions);
  const star = list.some((arg) => kindOf(arg) === 'StarExpression');
  const args = list
    .filter((arg) => kindOf(arg) !== 'StarExpression' && !isCounted(node, arg))
    .map((arg) => t.scalar(arg, scope));
  return { fn: node.Name.SimpleName, args, names, ...(star ? { star } : {}), at: scope.at(node) };
}

/** The argument of `count(Column)`, which counts all rows; a bool is a condition. */
const isCounted = (call: Node, arg: Node): boolean =>
  call.Name.SimpleName === 'count' && arg.ResultType?.Name !== 'bool' && kindOf(arg) === 'NameReference';

/** `summarize a = sum(x), round(avg(y), 1) by k`: aggregates inside an expression get hidden columns, from which a `project` computes the results. */
export function summarize(t: Translation, node: Node, scope: Scope): Op[] {
  const byNodes = node.ByClause ? elements(node.ByClause.Expressions) : [];
  const by = namedColumns(t, byNodes, scope, node);
  const results = columnsOf(node.ResultType);
  const nodes = elements(node.Aggregates);
  const rest = results.slice(by.length).map((column) => column.Name);
  const taken = nodes.map((item) => width(bare(item), scope));
  const keys = new Set(by.map(({ name }) => name));
  const columns = new Set(results.map((column) => column.Name));
  const stars = taken.filter((n) => n === 0).length;
  const starWidth = Math.floor((rest.length - taken.reduce((sum, n) => sum + n, 0)) / Math.max(1, stars));
  const aggregates: AggregateCall[] = [];
  const outputs: NamedExpr[] = [];
  let nested = false;
  let place = 0;
  nodes.forEach((item, i) => {
    const inner = bare(item);
    const count = taken[i]! > 0 ? taken[i]! : Math.max(0, starWidth);
    // Where a key has the name of the first of several columns of an aggregate, the binder leaves that column out.
    const lacksFirst = kindOf(item) === 'SimpleNamedExpression' && taken[i]! > 1 && keys.has(item.Name.SimpleName);
    const found = rest.slice(place, place + count - Number(lacksFirst));
    const names = lacksFirst ? [freeName(item.Name.SimpleName, columns), ...found] : found;
    place += found.length;
    if (isAggregate(inner, scope)) {
      const star = taken[i] === 0;
      const own = star
        ? starNames(inner, item, names)
        : names.length === count && count > 0
          ? names
          : [fallbackName(item, i)];
      if (own.length > 0 && kindOf(item) === 'SimpleNamedExpression' && own.length === 1) own[0] = item.Name.SimpleName;
      aggregates.push(aggregateCall(t, inner, scope, own));
      for (const name of star ? names : own) outputs.push({ name, expr: { k: 'col', name } });
      return;
    }
    nested = true;
    const expr = withHiddenAggregates(t, inner, scope, aggregates);
    outputs.push({
      name: kindOf(item) === 'SimpleNamedExpression' ? item.Name.SimpleName : (names[0] ?? fallbackName(item, i)),
      expr,
    });
  });
  const ops: Op[] = [{ op: 'summarize', aggregates, by }];
  if (nested) {
    ops.push({
      op: 'project',
      columns: [...by.map(({ name }): NamedExpr => ({ name, expr: { k: 'col', name } })), ...outputs],
    });
    const hidden = aggregates.flatMap((call) => call.names).filter((name) => name.startsWith('$'));
    ops.push({ op: 'drop', names: hidden });
  }
  return ops;
}

const fallbackName = (item: Node, index: number): string => resultName(item) || `Column${index + 1}`;

/** How many columns an aggregate gives; 0: as many as `*` stands for. */
function width(node: Node, scope: Scope): number {
  if (!isAggregate(node, scope)) return 1;
  const args = elements(node.ArgumentList.Expressions);
  if (args.some((arg) => kindOf(arg) === 'StarExpression')) return 0;
  const tuple = columnsOf(node.RawResultType);
  return Math.max(1, tuple.length);
}

/** Names of the columns of the arguments that are written out; the columns that `*` stands for are known at run time. */
function starNames(node: Node, item: Node, names: readonly string[]): string[] {
  const explicit = elements(node.ArgumentList.Expressions).filter((arg) => kindOf(arg) !== 'StarExpression').length;
  const own = names.slice(0, explicit);
  if (kindOf(item) === 'SimpleNamedExpression' && own.length > 0) own[0] = item.Name.SimpleName;
  return own;
}

/** Translates an expression over aggregates: each aggregate becomes a hidden column. */
export function withHiddenAggregates(t: Translation, node: Node, scope: Scope, aggregates: AggregateCall[]): Expr {
  const inner = t.withRule((_, child, childScope) => {
    if (!isAggregate(child, childScope)) return undefined;
    const hidden = t.state.hiddenName();
    aggregates.push(aggregateCall(t, child, childScope, [hidden]));
    return { k: 'col', name: hidden };
  });
  return inner.scalar(node, scope);
}
