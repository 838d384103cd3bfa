import type { Op, Pipeline } from '../kql';
import { elements, kindOf, type Node, symbolKind } from './kusto';
import { externalData } from './lists';
import { OPERATORS } from './operators';
import { find } from './operators/find';
import { sourceSearch } from './operators/search';
import { sourceUnion } from './operators/union';
import { patternTable } from './patterns';
import type { Scope } from './scope';
import { dataTable, emptyPlan, print, range } from './sources';
import { stageOf } from './stages';
import { append } from './time-alias';
import { INVALID, type Translation, UNSUPPORTED, unknownSource } from './translation';
import { unsupportedNode } from './unsupported';
import { watchlist, watchlistAliases } from './watchlists';

/** An expression that gives a table → its plan. */
export function translateTable(t: Translation, node: Node, scope: Scope): Pipeline {
  const kind = kindOf(node);
  switch (kind) {
    case 'PipeExpression':
      return apply(t, node.Operator, scope, t.table(node.Expression, scope));
    case 'ParenthesizedExpression':
    case 'MaterializeExpression':
      return t.table(node.Expression, scope);
    case 'NameReference':
      return named(t, node, scope);
    case 'FunctionCallExpression':
      return patternTable(t, node, scope) ?? tableFunction(t, node, scope);
    case 'DataTableExpression':
      return dataTable(t, node, scope);
    case 'ExternalDataExpression':
      return externalData(t, node, scope);
    case 'PrintOperator':
      return print(t, node, scope);
    case 'RangeOperator':
      return range(t, node, scope);
    case 'UnionOperator':
      return sourceUnion(t, node, scope);
    case 'PathExpression': {
      const defined = patternTable(t, node, scope);
      if (defined) return defined;
      t.report(UNSUPPORTED, 'tables of other clusters, databases and workspaces cannot be read', node, scope);
      return emptyPlan();
    }
    case 'SearchOperator':
      return sourceSearch(t, node, scope);
    case 'FindOperator':
      return find(t, node, scope);
    default:
      // The subquery of mv-apply starts with an operator: its input is the expanded rows.
      if (OPERATORS[kind]) return apply(t, node, scope, { source: { kind: 'input' }, ops: [] });
      t.report(UNSUPPORTED, unsupportedNode(kind), node, scope);
      return emptyPlan();
  }
}

function apply(t: Translation, node: Node, scope: Scope, input: Pipeline): Pipeline {
  const translate = OPERATORS[kindOf(node)];
  if (!translate) {
    t.report(UNSUPPORTED, unsupportedNode(kindOf(node)), node, scope);
    return input;
  }
  const outer = t.state.windows;
  t.state.windows = [];
  const stage = t.state.stages.push(stageOf(node, scope, t.state.query)) - 1;
  const result = translate(t, node, scope, input);
  const lifted = t.state.windows;
  t.state.windows = outer;
  if (!isOps(result)) return result;
  const before = lifted.map((column): Op => ({ op: 'window', columns: [column] }));
  const after: Op[] = lifted.length === 0 ? [] : [{ op: 'drop', names: lifted.map((column) => column.name) }];
  const own = [...before, ...result, ...after].map((op): Op => ({ ...op, stage }));
  return { source: input.source, ops: append(input.ops, own) };
}

function named(t: Translation, node: Node, scope: Scope): Pipeline {
  const name = node.SimpleName;
  const binding = scope.find(name);
  if (binding?.kind === 'table') return binding.plan;
  if (!binding && symbolKind(node.ReferencedSymbol) === 'Table') return t.state.source(name);
  if (!binding && name === '_GetWatchlistAlias') return watchlistAliases(t);
  const called = t.call(node, scope);
  if (called?.plan) return called.plan;
  // A name in the query itself that is not known was reported by the binder; one in a saved function was not.
  if (scope.isElsewhere() && !called) t.report(INVALID, unknownSource(name), node, scope);
  return emptyPlan();
}

function tableFunction(t: Translation, node: Node, scope: Scope): Pipeline {
  if (!scope.find(node.Name.SimpleName)) {
    if (node.Name.SimpleName === '_GetWatchlist') return watchlist(t, node, scope);
    if (node.Name.SimpleName === '_GetWatchlistAlias') return watchlistAliases(t);
  }
  const called = t.call(node, scope);
  if (called?.plan) return called.plan;
  const name = node.Name.SimpleName;
  const [first] = elements(node.ArgumentList.Expressions);
  if (name === 'table' && first) {
    const table = t.scalar(first, scope);
    if (table.k === 'lit' && t.state.context.tables.has(String(table.v))) return t.state.source(String(table.v));
    t.report(INVALID, 'table() takes the name of a known table', node, scope);
    return emptyPlan();
  }
  if (name === 'materialize' && first) return t.table(first, scope);
  if (!called) t.report(INVALID, unknownSource(name), node.Name, scope);
  return emptyPlan();
}

const isOps = (result: readonly Op[] | Pipeline): result is readonly Op[] => Array.isArray(result);
