import type { EditedText } from './edited-text';
import { kindOf, type Node, writtenText } from './kusto';
import type { Scope } from './scope';

/** A piece of the query as it was written. Offsets in UTF-16 units; of a saved function's text: where it was called. */
export interface QueryText {
  readonly start: number;
  readonly length: number;
  readonly text: string;
}

/** An operator of the query as it was written. */
export interface QueryStage extends QueryText {
  /** Its first word: `where`, `mv-expand`, `evaluate`. */
  readonly kind: string;
  /** For a filter: the parts that `and` joins, in order. */
  readonly predicates: readonly QueryText[];
}

export function stageOf(node: Node, scope: Scope, query: EditedText): QueryStage {
  const written = (part: Node): QueryText => {
    const { start, length } = query.spanOf({ start: scope.at(part), length: part.Width });
    // The text of a saved function is not in the query.
    if (scope.isElsewhere()) return { start, length: 1, text: writtenText(part) };
    return { start, length, text: query.original.slice(start, start + length) };
  };
  const whole = written(node);
  const predicates = kindOf(node) === 'FilterOperator' ? conjuncts(node.Condition).map(written) : [];
  return { ...whole, kind: /^[\w-]+/.exec(whole.text)?.[0].toLowerCase() ?? '', predicates };
}

function conjuncts(condition: Node): Node[] {
  const kind = kindOf(condition);
  if (kind === 'AndExpression') return [...conjuncts(condition.Left), ...conjuncts(condition.Right)];
  // Parentheses around a conjunction only group it.
  if (kind === 'ParenthesizedExpression' && innermost(condition) === 'AndExpression')
    return conjuncts(condition.Expression);
  return [condition];
}

const innermost = (node: Node): string =>
  kindOf(node) === 'ParenthesizedExpression' ? innermost(node.Expression) : kindOf(node);
