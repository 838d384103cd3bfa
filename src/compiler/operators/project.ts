import { decodeValue, type Op } from '../../kql';
import { elements, kindOf, type Node } from '../kusto';
import type { Scope } from '../scope';
import { INVALID, type Translation } from '../translation';
import { bare, namedColumns } from './columns';

export const extend = (t: Translation, node: Node, scope: Scope): Op[] => [
  { op: 'extend', columns: namedColumns(t, elements(node.Expressions), scope, node) },
];

export const project = (t: Translation, node: Node, scope: Scope): Op[] => [
  { op: 'project', columns: namedColumns(t, elements(node.Expressions), scope, node) },
];

/** Rows always have a fixed order here, so `serialize` only adds its columns. */
export function serialize(t: Translation, node: Node, scope: Scope): Op[] {
  const list = elements(node.Expressions);
  return list.length === 0 ? [] : [{ op: 'extend', columns: namedColumns(t, list, scope, node) }];
}

const pattern = (node: Node): string => {
  const inner = bare(node);
  if (kindOf(inner) === 'StarExpression') return '*';
  return inner.SimpleName ?? inner.ToString().trim();
};

export const projectAway = (_t: Translation, node: Node): Op[] => [
  { op: 'project-away', patterns: elements(node.Expressions).map(pattern) },
];

export const projectKeep = (_t: Translation, node: Node): Op[] => [
  { op: 'project-keep', patterns: elements(node.Expressions).map(pattern) },
];

/** Names, patterns and arrays of them, known when the rule is built. */
export function projectByNames(t: Translation, node: Node, scope: Scope): Op[] {
  const patterns = elements(node.Expressions).flatMap((item): string[] => {
    if (kindOf(item) === 'NameReference' && !scope.find(item.SimpleName)) return [pattern(item)];
    const expr = t.scalar(item, scope);
    const value = expr.k === 'lit' ? decodeValue(expr.v, expr.t) : undefined;
    const names = Array.isArray(value) ? value : [value];
    if (names.every((name) => typeof name === 'string')) return names as string[];
    t.report(INVALID, 'project-by-names takes constant names and arrays of names', item, scope);
    return [];
  });
  return [{ op: 'project-by-names', patterns }];
}

export const projectRename = (_t: Translation, node: Node): Op[] => [
  {
    op: 'project-rename',
    renames: elements(node.Expressions).map((item) => ({ from: bare(item).SimpleName, to: item.Name.SimpleName })),
  },
];

export const projectReorder = (_t: Translation, node: Node): Op[] => [
  {
    op: 'project-reorder',
    columns: elements(node.Expressions).map((item) => {
      const order = kindOf(item) === 'OrderedExpression' ? item.Ordering.ToString().trim().toLowerCase() : '';
      return { pattern: pattern(item), ...(isOrder(order) ? { order } : {}) };
    }),
  },
];

const isOrder = (text: string): text is 'asc' | 'desc' | 'granny-asc' | 'granny-desc' =>
  text === 'asc' || text === 'desc' || text === 'granny-asc' || text === 'granny-desc';
