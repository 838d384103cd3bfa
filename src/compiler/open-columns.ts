import type { ScalarType } from '../kql';
import { type ColumnSymbol, childrenOf, kindOf, type Node, symbolKind } from './kusto';

/** Names of the columns that a bound query reads of open tables without their being declared. */
export function openColumns(root: Node): Set<string> {
  const names = new Set<string>();
  const visit = (node: Node): void => {
    if (kindOf(node) === 'NameReference' && isOpen(node.ReferencedSymbol as ColumnSymbol | null))
      names.add(node.SimpleName);
    childrenOf(node).forEach(visit);
  };
  visit(root);
  return names;
}

/** The binder gives an undeclared column of an open table the type `unknown` and no source. */
const isOpen = (symbol: ColumnSymbol | null): boolean =>
  symbol !== null && symbolKind(symbol) === 'Column' && symbol.Type.Name === 'unknown' && !symbol.Source;

const BY_SUFFIX: Readonly<Record<string, ScalarType>> = {
  s: 'string',
  d: 'real',
  b: 'bool',
  g: 'guid',
  t: 'datetime',
};

/**
 * Type of a column of an open table: what the suffix says that Azure Monitor puts behind the names it finds in data, else dynamic.
 * https://learn.microsoft.com/azure/azure-monitor/reference/tables/azurediagnostics
 */
export const openColumnType = (name: string): ScalarType => BY_SUFFIX[/_([sdbgt])$/.exec(name)?.[1] ?? ''] ?? 'dynamic';
