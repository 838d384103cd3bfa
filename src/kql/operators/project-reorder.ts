import { isHidden } from '../ir';
import { matchesPattern, pick } from './columns';
import { defineOperator } from './define';

type Order = 'asc' | 'desc' | 'granny-asc' | 'granny-desc';

/**
 * https://learn.microsoft.com/kusto/query/project-reorder-operator. A column comes at the first pattern it matches; the others follow in
 * their order. `granny` compares runs of digits as numbers (a20 before a100).
 */
export const projectReorder = defineOperator({
  name: 'project-reorder',
  ignoresClock: true,
  onArrival: () => true,
  rows: () => 'same',
  keeps: () => true,
  carries: () => ({ written: [] }),
  needs: (_, wanted) => wanted,
  grows: (_, columns) => columns,
  keepsEmpty: () => true,
  mayGoEmpty: true,
  followsKeys: (_, keys) => keys,
  prepare(node, schema) {
    const left = new Set(schema.keys());
    const indexes: number[] = [];
    for (const { pattern, order } of node.columns) {
      const matched = [...left].filter((index) => {
        const name = schema[index]!.name;
        return !isHidden(name) && matchesPattern(pattern, name);
      });
      if (order !== undefined) matched.sort((a, b) => compareNames(schema[a]!.name, schema[b]!.name, order));
      for (const index of matched) {
        indexes.push(index);
        left.delete(index);
      }
    }
    return pick(schema, [...indexes, ...left]);
  },
});

function compareNames(a: string, b: string, order: Order): number {
  const ascending = order.startsWith('granny') ? natural(a, b) : ordinal(a, b);
  return order.endsWith('desc') ? -ascending : ascending;
}

const ordinal = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

function natural(a: string, b: string): number {
  const left = a.match(/\d+|\D+/g) ?? [];
  const right = b.match(/\d+|\D+/g) ?? [];
  for (let i = 0; i < Math.min(left.length, right.length); i++) {
    const x = left[i]!;
    const y = right[i]!;
    const bothDigits = /^\d/.test(x) && /^\d/.test(y);
    const difference = bothDigits ? Number(BigInt(x) > BigInt(y)) - Number(BigInt(x) < BigInt(y)) : ordinal(x, y);
    if (difference !== 0) return difference;
  }
  return left.length - right.length || ordinal(a, b);
}
