import { type Column, type Expr, type NamedExpr, nullOf, type Pipeline } from '../../kql';
import { childrenOf, kindOf, knownColumns, type Node, symbolKind } from '../kusto';
import { literal } from '../literals';
import type { Scope } from '../scope';
import { searchCondition } from '../search-condition';
import { cast, emptyPlan } from '../sources';
import type { Translation, UnionMember } from '../translation';
import { parameters, parameterText } from './columns';
import { searchedTables } from './search';

const SOURCE = 'source_';
const REST = 'pack_';

/**
 * `find in (A, B) where … [project …]`: matching rows of the tables that have a column of the condition. Which columns come out is what
 * the binder says; the others are packed. https://learn.microsoft.com/kusto/query/find-operator
 */
export function find(t: Translation, node: Node, scope: Scope): Pipeline {
  const listed = searchedTables(t, node, scope, 'find', 'find in (A, B) where …');
  if (!listed) return emptyPlan();
  const given = parameters(node.Parameters);
  const withSource = parameterText(given.get('withsource')) ?? SOURCE;
  const output = knownColumns(node.ResultType).filter(({ name }) => name !== withSource);
  const named = namedColumnsIn(node.Condition);
  const all = listed.filter(({ columns }) => named.size === 0 || columns.some(({ name }) => named.has(name)));
  const others = all.flatMap(({ columns }) => columns);
  return {
    source: {
      kind: 'union',
      union: {
        kind: 'outer',
        legs: all.map((leg) => found(t, node, scope, leg, others, output)),
        withSource,
        sourceNames: all.map(({ name }, i) => name ?? `union_arg${i}`),
      },
    },
    ops: [],
  };
}

function found(
  t: Translation,
  node: Node,
  scope: Scope,
  leg: UnionMember,
  others: readonly Column[],
  output: readonly Column[],
): Pipeline {
  const { plan, columns } = leg;
  const cond = searchCondition(t, node.Condition, scope, { columns, others, isCaseSensitive: false });
  const kept = output.filter(({ name }) => name !== REST || columns.some((own) => own.name === REST));
  const project: NamedExpr[] = kept.map(({ name, type }) => ({ name, expr: column(leg, name, type) }));
  if (kept.length < output.length) project.push({ name: REST, expr: packed(leg, kept) });
  return { source: plan.source, ops: [...plan.ops, { op: 'where', cond }, { op: 'project', columns: project }] };
}

function column({ columns }: UnionMember, name: string, type: Column['type']): Expr {
  const own = columns.find((known) => known.name === name);
  if (!own) return literal(nullOf(type), type);
  const value: Expr = { k: 'col', name };
  return own.type === type ? value : cast(value, type);
}

/** A bag of the columns of a table that are not columns of the result. */
function packed({ columns }: UnionMember, kept: readonly Column[]): Expr {
  const rest = columns.filter(({ name }) => !kept.some((shown) => shown.name === name));
  return {
    k: 'call',
    fn: 'bag_pack',
    args: rest.flatMap(({ name }): Expr[] => [literal(name, 'string'), { k: 'col', name }]),
  };
}

/** Names of the columns that a condition reads. */
function namedColumnsIn(node: Node): Set<string> {
  const names = new Set<string>();
  const visit = (part: Node): void => {
    if (kindOf(part) === 'NameReference' && symbolKind(part.ReferencedSymbol) === 'Column') names.add(part.SimpleName);
    for (const child of childrenOf(part)) if (!child.IsToken) visit(child);
  };
  visit(node);
  return names;
}
