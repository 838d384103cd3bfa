import { type Column, type Pipeline, SEARCHED_TABLE } from '../../kql';
import { everyTable } from '../every-table';
import { knownColumns, type Node } from '../kusto';
import { inputOf } from '../node-facts';
import type { Scope } from '../scope';
import { searchCondition } from '../search-condition';
import { emptyPlan } from '../sources';
import { type Translation, UNSUPPORTED, type UnionMember } from '../translation';
import { bare, parameters, parameterText } from './columns';
import { legs, nameOf } from './union';

/**
 * `search in (A, B) "term"`: a union of the tables' matching rows, each with its table's name in `$table`.
 * https://learn.microsoft.com/kusto/query/search-operator
 */
export function sourceSearch(t: Translation, node: Node, scope: Scope): Pipeline {
  const all = searchedTables(t, node, scope, 'search', 'search in (A, B) "…"');
  if (!all) return emptyPlan();
  const others = all.flatMap(({ columns }) => columns);
  return {
    source: {
      kind: 'union',
      union: {
        kind: 'outer',
        legs: all.map(({ plan, columns }) => searched(t, node, scope, plan, columns, others)),
        withSource: SEARCHED_TABLE,
        sourceNames: all.map(({ name }, i) => name ?? `union_arg${i}`),
      },
    },
    ops: [],
  };
}

/** `T | search "term"` */
export function pipedSearch(t: Translation, node: Node, scope: Scope, input: Pipeline): Pipeline {
  const columns = knownColumns(inputOf(node)?.ResultType);
  const leg = searched(t, node, scope, input, columns, []);
  // The input is a search itself: its rows have $table already.
  if (columns.some(({ name }) => name === SEARCHED_TABLE)) return leg;
  const written = node.Parent?.Expression ? nameOf(bare(node.Parent.Expression)) : undefined;
  const name = input.source.kind === 'table' ? input.source.name : (written ?? 'union_arg0');
  return {
    source: { kind: 'union', union: { kind: 'outer', legs: [leg], withSource: SEARCHED_TABLE, sourceNames: [name] } },
    ops: [],
  };
}

function searched(
  t: Translation,
  node: Node,
  scope: Scope,
  plan: Pipeline,
  all: readonly Column[],
  others: readonly Column[],
): Pipeline {
  // $table, which an earlier search added, is not searched.
  const columns = all.filter(({ name }) => name !== SEARCHED_TABLE);
  if (columns.length === 0) t.report(UNSUPPORTED, 'search is supported where the columns are known', node, scope);
  const isCaseSensitive = parameterText(parameters(node.Parameters).get('kind')) === 'case_sensitive';
  const cond = searchCondition(t, node.Condition, scope, { columns, others, isCaseSensitive });
  return { source: plan.source, ops: [...plan.ops, { op: 'where', cond }] };
}

/** The tables that `search` or `find` names. A rule must name its tables: they decide which events are decoded and kept. */
export function searchedTables(
  t: Translation,
  node: Node,
  scope: Scope,
  operator: string,
  instead: string,
): UnionMember[] | undefined {
  const all = node.InClause ? legs(t, node.InClause, scope, false) : everyTable(t, scope);
  if (!all)
    t.report(UNSUPPORTED, `'${operator}' over every table is not supported: name the tables, ${instead}`, node, scope);
  return all;
}
