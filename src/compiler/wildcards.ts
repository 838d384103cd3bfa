import { matchesPattern } from '../kql';
import { childrenOf, elements, kindOf, type Node, quoted } from './kusto';

/** A query in which wildcards are written out as the names that they stand for. */
export interface WrittenOut {
  readonly text: string;
  /** The offset in the query as it was written of one in `text`. */
  at(offset: number): number;
}

interface Edit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/**
 * Kusto's views, `let V = view () { … }`, belong to what a wildcard of `union` and `search in (…)` stands for. The binder knows no columns of
 * theirs behind a wildcard, so it is given the names. undefined where no wildcard matches a view.
 */
export function writeOutViews(query: string, root: Node, tables: Iterable<string>): WrittenOut | undefined {
  const views = elements(root.Statements).filter(isView);
  if (views.length === 0) return undefined;
  const names = [...tables];
  const edits: Edit[] = [];
  const visit = (node: Node): void => {
    if (isWildcard(node)) {
      const pattern = node.ToString().trim();
      const seen = views.filter((view) => view.TextStart < node.TextStart).map((view) => view.Name.SimpleName);
      const matched = seen.filter((name) => matchesPattern(pattern, name));
      if (matched.length === 0) return;
      const all = new Set([...names.filter((name) => matchesPattern(pattern, name)), ...matched]);
      edits.push({ start: node.TextStart, end: node.TextStart + node.Width, text: [...all].map(quoted).join(', ') });
      return;
    }
    childrenOf(node).forEach(visit);
  };
  visit(root);
  return edits.length === 0 ? undefined : written(query, edits);
}

/** A statement that makes a view. */
const isView = (node: Node): boolean =>
  kindOf(node) === 'LetStatement' &&
  kindOf(node.Expression) === 'FunctionDeclaration' &&
  node.Expression.ViewKeyword !== null;

/** `T*` in the list of a `union`, `search in` or `find in`. */
function isWildcard(node: Node): boolean {
  if (node.IsToken || kindOf(node) !== 'NameReference' || kindOf(node.Name) !== 'WildcardedName') return false;
  for (let parent = node.Parent; parent; parent = parent.Parent) {
    const kind = kindOf(parent);
    if (kind === 'UnionOperator' || kind === 'FindInClause') return true;
    if (kind !== 'SeparatedElement' && kind !== 'List') return false;
  }
  return false;
}

function written(query: string, edits: readonly Edit[]): WrittenOut {
  let text = '';
  let from = 0;
  for (const edit of edits) {
    text += query.slice(from, edit.start) + edit.text;
    from = edit.end;
  }
  text += query.slice(from);
  return {
    text,
    at(offset) {
      let shift = 0;
      for (const { start, end, text: names } of edits) {
        if (offset < start + shift) break;
        if (offset < start + shift + names.length) return start;
        shift += names.length - (end - start);
      }
      return offset - shift;
    },
  };
}
