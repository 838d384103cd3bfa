import type { Op } from '../../kql/ir';
import type { Column } from '../../kql/values/types';
import { elements, kindOf, type Node } from '../kusto';
import { literalValue } from '../literals';
import type { Scope } from '../scope';
import { INVALID, type Translation, UNSUPPORTED } from '../translation';
import { unsupportedPlugin } from '../unsupported';
import { bare } from './columns';
import { declaredColumn } from './parse';
import { aggregateCall } from './summarize';

/** Plugins. https://learn.microsoft.com/kusto/query/evaluate-operator */
export function evaluate(t: Translation, node: Node, scope: Scope): Op[] {
  const call = node.FunctionCall;
  const args = elements(call.ArgumentList.Expressions).map(bare);
  const declared = outputSchema(t, node, scope);
  switch (call.Name.SimpleName) {
    case 'bag_unpack':
      return bagUnpack(t, args, scope, node, declared);
    case 'pivot':
      return pivot(t, args, scope, node, declared?.columns);
    case 'ipv4_lookup':
      return ipLookup(t, args, scope, node, 4);
    case 'ipv6_lookup':
      return ipLookup(t, args, scope, node, 6);
    default:
      t.report(UNSUPPORTED, unsupportedPlugin(call.Name.SimpleName), call.Name, scope);
      return [];
  }
}

/** `evaluate f(…) : (a:string, *)` */
function outputSchema(t: Translation, node: Node, scope: Scope): { columns: Column[]; others: boolean } | undefined {
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
  declared: { columns: Column[]; others: boolean } | undefined,
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
