import { matchesPattern } from '../kql';
import type { EditedText, Span } from './edited-text';
import { childrenOf, elements, kindOf, type Node } from './kusto';

/**
 * Kusto's views, `let V = view () { … }`, belong to what a wildcard of `union` and `search in (…)` stands for. The binder knows no columns of
 * theirs behind a wildcard, so it is given the names. `root`: the parsed text. Gives back the same object where no wildcard matches a view.
 */
export function writeOutViews(query: EditedText, root: Node, tables: Iterable<string>): EditedText {
  const views = elements(root.Statements).filter(isView);
  if (views.length === 0) return query;
  const names = [...tables];
  const edits: { readonly span: Span; readonly names: string }[] = [];
  const visit = (node: Node): void => {
    if (isWildcard(node)) {
      const pattern = node.ToString().trim();
      const seen = views.filter((view) => view.TextStart < node.TextStart).map((view) => view.Name.SimpleName);
      const matched = seen.filter((name) => matchesPattern(pattern, name));
      if (matched.length === 0) return;
      const all = new Set([...names.filter((name) => matchesPattern(pattern, name)), ...matched]);
      edits.push({ span: { start: node.TextStart, length: node.Width }, names: [...all].map(quoted).join(', ') });
      return;
    }
    childrenOf(node).forEach(visit);
  };
  visit(root);
  // From the last to the first: what stands before an edit keeps its place.
  return edits.reduceRight((text, { span, names }) => text.replace(span, names), query);
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

/** A name as a query has it: in brackets where it is no plain word. */
const quoted = (name: string): string => (/^[A-Za-z_]\w*$/.test(name) ? name : `['${name.replace(/'/g, "\\'")}']`);
