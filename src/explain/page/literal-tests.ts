import {
  createRuntime,
  decodeValue,
  type Encoded,
  type Expr,
  exprText,
  KqlError,
  type Pipeline,
  preparePipeline,
  readsClock,
  readsStream,
  type ScalarType,
  visible,
} from '../../kql';

export type TestKind =
  | 'eq'
  | 'has'
  | 'has all'
  | 'contains'
  | 'startswith'
  | 'endswith'
  | 'hasprefix'
  | 'hassuffix'
  | 'regex';

/** A field compared with fixed values: any of them is enough, but for `has all`. */
export interface LiteralTest {
  /** A column, or a path into one. */
  readonly field: string;
  readonly kind: TestKind;
  readonly values: readonly string[];
  readonly negated: boolean;
  /** Numbers count as case-sensitive. */
  readonly caseSensitive: boolean;
}

const KINDS: ReadonlyMap<string, TestKind> = new Map([
  ['==', 'eq'],
  ['!=', 'eq'],
  ['=~', 'eq'],
  ['!~', 'eq'],
  ['in', 'eq'],
  ['in~', 'eq'],
  ['has', 'has'],
  ['has_any', 'has'],
  ['has_all', 'has all'],
  ['contains', 'contains'],
  ['startswith', 'startswith'],
  ['endswith', 'endswith'],
  ['hasprefix', 'hasprefix'],
  ['hassuffix', 'hassuffix'],
  ['matches regex', 'regex'],
]);

/** Functions that change how a field is written and not what is looked for. */
const WRAPPERS = new Set(['tostring', 'tolower', 'toupper', 'trim', 'toint', 'tolong', 'todynamic', 'parse_json']);
const IGNORES_CASE = new Set([
  '=~',
  '!~',
  'in~',
  'has',
  'has_any',
  'has_all',
  'contains',
  'startswith',
  'endswith',
  'hasprefix',
  'hassuffix',
]);
/** The name of a field of EventData, compared to pick that field: no value of an event. */
const SELECTS_FIELD = /@Name["']?\]?$/;
/** Longest list of values taken from a table in the query. */
const MOST_VALUES = 1_000;

/** The tests of fields against literals that a predicate is made of, inside `and`, `or` and `not` too. */
export function literalTests(expr: Expr, negated = false): LiteralTest[] {
  if (expr.k === 'intable') return testOf(expr.fn, expr.left, tableValues(expr.plan), negated);
  if (expr.k !== 'call') return [];
  const { fn, args } = expr;
  if (fn === 'and' || fn === 'or') return args.flatMap((arg) => literalTests(arg, negated));
  if (fn === 'not') return args.flatMap((arg) => literalTests(arg, !negated));
  const [first, ...rest] = args;
  if (!first) return [];
  const isMirrored =
    first.k === 'lit' && rest.length === 1 && (fn === '==' || fn === '=~' || fn === '!=' || fn === '!~');
  const field = isMirrored ? rest[0]! : first;
  const values = (isMirrored ? [first] : rest).map(literalValues);
  return testOf(fn, field, values.includes(undefined) ? undefined : values.flatMap((list) => list!), negated);
}

function testOf(fn: string, field: Expr, values: readonly string[] | undefined, negated: boolean): LiteralTest[] {
  const isNot = fn.startsWith('!');
  const name = fn.replace(/_cs$/, '');
  const kind = KINDS.get(name) ?? (isNot ? KINDS.get(name.slice(1)) : undefined);
  const column = fieldOf(field);
  if (!kind || column === undefined || !values || values.length === 0 || SELECTS_FIELD.test(column)) return [];
  const caseSensitive = fn.endsWith('_cs') || !IGNORES_CASE.has(isNot && fn !== '!~' ? fn.slice(1) : fn);
  return [{ field: column, kind, values, negated: negated !== isNot, caseSensitive }];
}

function fieldOf(expr: Expr): string | undefined {
  if (expr.k === 'col') return expr.name;
  if (expr.k === 'columnifexists') return expr.name;
  if (expr.k !== 'call') return undefined;
  const inner = expr.args.find((arg) => arg.k !== 'lit');
  if (WRAPPERS.has(expr.fn) && inner) return fieldOf(inner);
  if ((expr.fn === '[]' || expr.fn === '.member') && inner && fieldOf(inner) !== undefined) return exprText(expr);
  return undefined;
}

function literalValues(expr: Expr): string[] | undefined {
  if (expr.k !== 'lit' || expr.v === null) return undefined;
  if (expr.t === 'dynamic')
    return Array.isArray(expr.v) ? expr.v.filter(isPlain).map(String) : isPlain(expr.v) ? [String(expr.v)] : undefined;
  return SHOWN.has(expr.t) ? [String(decodeValue(expr.v, expr.t))] : undefined;
}

const SHOWN: ReadonlySet<ScalarType> = new Set(['string', 'int', 'long', 'real', 'bool', 'guid']);
const isPlain = (value: Encoded): boolean => value !== null && typeof value !== 'object';

/** The first column of a table that the query brings along; undefined where only the stream knows it. */
function tableValues(plan: Pipeline): string[] | undefined {
  if (readsStream(plan) || readsClock(plan)) return undefined;
  try {
    const { rows } = visible(preparePipeline(plan).run(createRuntime({ now: 0n })));
    return rows.slice(0, MOST_VALUES).map((row) => String(row[0] ?? ''));
  } catch (error) {
    if (error instanceof KqlError) return undefined;
    throw error;
  }
}
