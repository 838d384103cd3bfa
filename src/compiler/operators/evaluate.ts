import type { Column, Op } from '../../kql';
import { columnsOf, elements, kindOf, type Node } from '../kusto';
import { literalValue } from '../literals';
import type { Scope } from '../scope';
import { INVALID, type Translation, UNSUPPORTED } from '../translation';
import { unsupportedPlugin } from '../unsupported';
import { bare } from './columns';
import { declaredColumn } from './parse';
import { aggregateCall } from './summarize';

interface OutputSchema {
  readonly columns: Column[];
  readonly others: boolean;
}

type Plugin = (t: Translation, args: Node[], scope: Scope, node: Node, declared: OutputSchema | undefined) => Op[];

/** Plugins by name, in the order in which the refusal of another plugin lists them. */
export const PLUGINS: Readonly<Record<string, Plugin>> = {
  bag_unpack: bagUnpack,
  dcount_intersect: dcountIntersect,
  pivot: (t, args, scope, node, declared) => pivot(t, args, scope, node, declared?.columns),
  ipv4_lookup: (t, args, scope, node) => ipLookup(t, args, scope, node, 4),
  ipv6_lookup: (t, args, scope, node) => ipLookup(t, args, scope, node, 6),
  narrow: () => [{ op: 'narrow' }],
  rows_near: rowsNear,
  rolling_percentile: rollingPercentile,
};

/** https://learn.microsoft.com/kusto/query/evaluate-operator */
export function evaluate(t: Translation, node: Node, scope: Scope): Op[] {
  const call = node.FunctionCall;
  const args = elements(call.ArgumentList.Expressions).map(bare);
  const declared = outputSchema(t, node, scope);
  const name = call.Name.SimpleName;
  if (Object.hasOwn(PLUGINS, name)) return PLUGINS[name]!(t, args, scope, node, declared);
  t.report(UNSUPPORTED, unsupportedPlugin(name, Object.keys(PLUGINS)), call.Name, scope);
  return [];
}

/** `evaluate f(…) : (a:string, *)` */
function outputSchema(t: Translation, node: Node, scope: Scope): OutputSchema | undefined {
  const schema = node.Schema?.Schema ?? null;
  if (!schema) return undefined;
  return {
    columns: elements(schema.Columns).map((column) => declaredColumn(t, column, scope)),
    others: /^\s*\(\s*\*/.test(schema.ToString()),
  };
}

function bagUnpack(
  t: Translation,
  args: readonly Node[],
  scope: Scope,
  node: Node,
  declared: OutputSchema | undefined,
): Op[] {
  const [column, ...options] = args;
  if (!column || kindOf(column) !== 'NameReference') {
    t.report(INVALID, 'bag_unpack() takes a column first', node, scope);
    return [];
  }
  let prefix = '';
  let conflict: 'error' | 'replace_source' | 'keep_source' = 'error';
  let ignored: string[] = [];
  options.forEach((option) => {
    const value = constantOf(t, option, scope);
    if (Array.isArray(value)) ignored = value.map(String);
    else if (value === 'error' || value === 'replace_source' || value === 'keep_source') conflict = value;
    else if (typeof value === 'string') prefix = value;
  });
  return [
    {
      op: 'bag_unpack',
      column: column.SimpleName,
      prefix,
      conflict,
      ignored,
      ...(declared ? { schema: declared.columns, keepOthers: declared.others } : {}),
    },
  ];
}

function constantOf(t: Translation, node: Node, scope: Scope): unknown {
  const known = literalValue(node);
  if (known) return known.value;
  const expr = t.scalar(node, scope);
  return expr.k === 'lit' ? expr.v : undefined;
}

function pivot(
  t: Translation,
  args: readonly Node[],
  scope: Scope,
  node: Node,
  schema: readonly Column[] | undefined,
): Op[] {
  const [column, second, ...rest] = args;
  if (!column || kindOf(column) !== 'NameReference') {
    t.report(INVALID, 'pivot() takes a column first', node, scope);
    return [];
  }
  const isCall = second !== undefined && kindOf(second) === 'FunctionCallExpression';
  const by = (isCall ? rest : second ? [second, ...rest] : []).map((item) => item.SimpleName);
  return [
    {
      op: 'pivot',
      column: column.SimpleName,
      aggregate: isCall ? aggregateCall(t, second, scope, ['$pivot']) : { fn: 'count', args: [], names: ['$pivot'] },
      ...(by.length > 0 ? { by } : {}),
      ...(schema ? { schema } : {}),
    },
  ];
}

/** `dcount_intersect(hll, …)`: columns s0, s1 … with the common keys of the first, the first two … */
function dcountIntersect(t: Translation, args: readonly Node[], scope: Scope, node: Node): Op[] {
  const sketches = args.map((arg) => t.scalar(arg, scope));
  const names = columnsOf(node.ResultType).slice(-sketches.length);
  const columns = sketches.map((_, i) => ({
    name: names[i]?.Name ?? `s${i}`,
    expr: { k: 'call', fn: 'dcount_intersect', args: sketches.slice(0, i + 1), at: scope.at(node) } as const,
  }));
  return [{ op: 'extend', columns }];
}

/** `ipv4_lookup(Table, IP, Network [, ExtraKey …] [, return_unmatched])` */
function ipLookup(t: Translation, args: readonly Node[], scope: Scope, node: Node, family: 4 | 6): Op[] {
  const [table, ip, network, ...rest] = args;
  if (!table || !ip || !network || kindOf(network) !== 'NameReference') {
    t.report(
      INVALID,
      `ipv${family}_lookup() takes a table, a column of the input and a column of the table`,
      node,
      scope,
    );
    return [];
  }
  return [
    {
      op: 'ip-lookup',
      family,
      right: t.table(table, scope),
      ip: t.scalar(ip, scope),
      network: network.SimpleName,
      extra: rest.filter((item) => kindOf(item) === 'NameReference').map((item) => item.SimpleName),
      unmatched: rest.some((item) => constantOf(t, item, scope) === true),
    },
  ];
}

/** `rows_near(Condition, NumRows [, RowsAfter])` */
function rowsNear(t: Translation, args: readonly Node[], scope: Scope, node: Node): Op[] {
  const [cond, before, after] = args.map((item) => t.scalar(item, scope));
  if (!cond || !before) {
    t.report(INVALID, 'rows_near() takes a condition and a number of rows', node, scope);
    return [];
  }
  return [{ op: 'rows-near', cond, before, ...(after ? { after } : {}) }];
}

/** `rolling_percentile(Value, Percentile, Index, BinSize, BinsPerWindow [, Dimension …])` */
function rollingPercentile(t: Translation, args: readonly Node[], scope: Scope, node: Node): Op[] {
  const [value, percent, index, binSize, bins, ...by] = args.map((item) => t.scalar(item, scope));
  if (!value || !percent || index?.k !== 'col' || !binSize || !bins || !by.every((key) => key.k === 'col')) {
    t.report(
      INVALID,
      'rolling_percentile() takes a value, a percentile, a column, a bin and a number of bins',
      node,
      scope,
    );
    return [];
  }
  return [
    {
      op: 'rolling-percentile',
      value,
      percent,
      index: { name: index.name, expr: index },
      binSize,
      bins,
      by: by.map((key) => ({ name: key.name, expr: key })),
      name: columnsOf(node.ResultType).at(-1)?.Name ?? 'rolling_percentile',
    },
  ];
}
