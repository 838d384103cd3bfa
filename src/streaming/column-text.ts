import type { Cell, Expr, ExprGraph, Scope } from '../kql';

/** What a condition asks of a text: where it holds, the text has one of these in it, ASCII letters in either case. */
export interface RequiredText {
  readonly cell: Cell;
  /** ASCII, small letters. */
  readonly literals: readonly string[];
  /** Texts of which this is not true, since the literals may stand in them in another form. Absent: none. */
  readonly unlessIn?: RegExp;
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
  if (cond.k === 'intable') return requiredOf(cond.fn, cond.left, [graph.textsOf(cond.plan)], scope, graph);
  if (cond.k !== 'call') return undefined;
  const { fn, args } = cond;
  const parts = () => args.map((part) => requiredText(part, scope, graph));
  if (fn === 'or') return unionOf(parts(), graph);
  if (fn === 'and') return longest(parts());
  return requiredOf(fn, args[0], args.slice(1).map(textsOf), scope, graph);
}

function requiredOf(
  fn: string,
  subject: Expr | undefined,
  items: readonly (readonly string[] | undefined)[],
  scope: Scope,
  graph: ExprGraph,
): RequiredText | undefined {
  if (subject === undefined || subject.k === 'lit' || items.length === 0 || items.includes(undefined)) return undefined;
  if (!OPERATORS.has(fn) && !EXACT.has(fn)) return undefined;
  const cell = graph.expr(subject, scope);
  const needed = OPERATORS.get(fn) ?? (isText(cell) ? EXACT.get(fn) : undefined);
  if (needed === undefined) return undefined;
  const fragments = items.flatMap((list) => list!.map(fragmentOf));
  if (needed === 'all') {
    const best = longestOf(fragments);
    return best.length >= MIN_LITERAL ? { cell, literals: [best] } : undefined;
  }
  // An empty list holds nowhere.
  const isEach = fragments.every((fragment) => fragment.length >= MIN_LITERAL);
  return isEach && fragments.length <= MOST_LITERALS ? { cell, literals: [...new Set(fragments)] } : undefined;
}

/** Whether `==` compares it as text: a column that is one, or what is a piece of one. */
const isText = (cell: Cell): boolean => cell.piece !== undefined;

/** What XML, or the JSON that is made of it, tells in more than one form: entities, comments, CDATA, characters with JSON escapes. */
const RESHAPED = /[&\u0000-\u001f\ud800-\udfff]|<[!?]/;
/** Runs of such characters stand in JSON as they stand in XML, if they are longer than the names that were added: `#text`. */
const PLAIN_RUN = /[a-z0-9._ %$!*+=()~^;-]+/g;
const MIN_RUN = 5;

/**
 * The same, asked of the column that a text was cut out of: it tells before anything is cut out. undefined: the column tells nothing.
 */
export function requiredOfColumn({ cell, literals }: RequiredText, graph: ExprGraph): RequiredText | undefined {
  const { piece, source } = cell;
  if (!piece || source >= 0) return undefined;
  const column = graph.cellAt(piece.source);
  if (!piece.isXml) return { cell: column, literals };
  const runs = literals.map((literal) => longestOf(literal.match(PLAIN_RUN) ?? []));
  if (runs.some(({ length }) => length < MIN_RUN)) return undefined;
  return { cell: column, literals: [...new Set(runs)], unlessIn: RESHAPED };
}

/** What the text has one of, wherever one of the parts holds: of the same cell, or of the column that their cells are cut out of. */
function unionOf(parts: readonly (RequiredText | undefined)[], graph: ExprGraph): RequiredText | undefined {
  const [first] = parts;
  if (!first || parts.includes(undefined)) return undefined;
  const isOneCell = parts.every((part) => part!.cell.id === first.cell.id);
  if (!isOneCell) {
    const columns = parts.map((part) => (part!.cell.source >= 0 ? part : requiredOfColumn(part!, graph)));
    const isOneColumn = columns.every((part) => part && part.cell.id === columns[0]!.cell.id);
    return isOneColumn ? unionOf(columns, graph) : undefined;
  }
  const literals = [...new Set(parts.flatMap((part) => part!.literals))];
  const unlessIn = parts.find((part) => part!.unlessIn)?.unlessIn;
  return literals.length <= MOST_LITERALS ? { cell: first.cell, literals, unlessIn } : undefined;
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
  return longestOf(literal.match(/[\x00-\x7f]+/g) ?? []).toLowerCase();
}

const longestOf = (texts: readonly string[]): string => texts.reduce((a, b) => (b.length > a.length ? b : a), '');
