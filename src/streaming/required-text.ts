import type { Cell, Expr, ExprGraph, Scope } from '../kql';

/** What a condition asks of a text: where it holds, the text has one of these in it, ASCII letters in either case. */
export interface RequiredText {
  readonly cell: Cell;
  /** ASCII, small letters. */
  readonly literals: readonly string[];
}

/** Shorter ones are in too many texts. */
export const MIN_LITERAL = 3;
const MOST_LITERALS = 256;

/** Operators that convert to text what they look at, by how many of their items the text must hold. */
const OPERATORS: ReadonlyMap<string, 'any' | 'all'> = new Map([
  ...[
    ...['has', 'hasprefix', 'hassuffix', 'contains', 'startswith', 'endswith'].flatMap((name) => [name, `${name}_cs`]),
    '=~',
  ].map((name) => [name, 'all'] as const),
  ['has_all', 'all'],
  ['has_any', 'any'],
  ['in~', 'any'],
]);
/** Those that look at a text as it is, where it is one. */
const EXACT: ReadonlyMap<string, 'any' | 'all'> = new Map([
  ['==', 'all'],
  ['in', 'any'],
]);

/** What a text must hold where the condition is true; undefined where nothing is known. */
export function requiredText(cond: Expr, scope: Scope, graph: ExprGraph): RequiredText | undefined {
  if (cond.k !== 'call') return undefined;
  if (cond.fn === 'or') return unionOf(cond.args.map((part) => requiredText(part, scope, graph)));
  if (cond.fn === 'and') return longest(cond.args.map((part) => requiredText(part, scope, graph)));
  const [subject, ...rest] = cond.args;
  const items = rest.map(textsOf);
  if (subject === undefined || subject.k === 'lit' || items.length === 0 || items.includes(undefined)) return undefined;
  const fragments = items.flatMap((list) => list!.map(fragmentOf));
  const needed = OPERATORS.get(cond.fn) ?? (isTextColumn(subject, scope, graph) ? EXACT.get(cond.fn) : undefined);
  if (needed === undefined) return undefined;
  const cell = graph.expr(subject, scope);
  if (needed === 'all') {
    const best = fragments.reduce((a, b) => (b.length > a.length ? b : a), '');
    return best.length >= MIN_LITERAL ? { cell, literals: [best] } : undefined;
  }
  const isEach = fragments.length > 0 && fragments.every((fragment) => fragment.length >= MIN_LITERAL);
  return isEach && fragments.length <= MOST_LITERALS ? { cell, literals: [...new Set(fragments)] } : undefined;
}

const isTextColumn = (expr: Expr, scope: Scope, graph: ExprGraph): boolean => {
  const source = expr.k === 'col' ? (scope.get(expr.name)?.source ?? -1) : -1;
  return source >= 0 && graph.schema[source]!.type === 'string';
};

function unionOf(parts: readonly (RequiredText | undefined)[]): RequiredText | undefined {
  const [first] = parts;
  if (!first || !parts.every((part) => part?.cell.id === first.cell.id)) return undefined;
  const literals = [...new Set(parts.flatMap((part) => part!.literals))];
  return literals.length <= MOST_LITERALS ? { cell: first.cell, literals } : undefined;
}

const longest = (parts: readonly (RequiredText | undefined)[]): RequiredText | undefined =>
  parts.reduce((a, b) => (weightOf(b) > weightOf(a) ? b : a), undefined);

/** How much a requirement tells: the length of its shortest literal. */
export const weightOf = (text: RequiredText | undefined): number =>
  text ? Math.min(...text.literals.map(({ length }) => length)) : 0;

/** The texts that an argument stands for. */
function textsOf(arg: Expr): readonly string[] | undefined {
  if (arg.k !== 'lit') return undefined;
  if (arg.t === 'string') return [arg.v as string];
  const isTexts = arg.t === 'dynamic' && Array.isArray(arg.v) && arg.v.every((item) => typeof item === 'string');
  return isTexts ? (arg.v as string[]) : undefined;
}

/** The longest piece of ASCII: a character beyond it has more than one form, but none of ASCII. */
function fragmentOf(literal: string): string {
  const pieces = literal.match(/[\x00-\x7f]+/g) ?? [];
  return pieces.reduce((a, b) => (b.length > a.length ? b : a), '').toLowerCase();
}
