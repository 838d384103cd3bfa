import { type Expr, factsOf, type Op } from '../kql';
import { conditionsOf } from './conditions';
import { OwnColumns, type Tie } from './own-columns';
import { requiredTexts } from './required-text';
import type { Branch } from './stream-plan';

/** A number, or a text, that an event must have. `xml`: XML in the event says the text. */
export type EventAtom =
  | { kind: 'number'; column: string; values: readonly number[] }
  | { kind: 'literal'; text: string; caseSensitive: boolean; xml?: true };

/** What every event that comes through a branch must have; fits `prefilter`. */
export type EventRequirement = { kind: 'table'; name: string } | EventAtom | { kind: 'any'; of: readonly EventAtom[] };

/** What a plan says of them: a plan is read by versions that know no more. */
export type StoredRequirement = Exclude<EventRequirement, { kind: 'any' }>;

/**
 * Derives from the filters of a row stage what the event must contain. Only conditions on the event's own columns count, or on what is cut out
 * of them. Leaving a requirement out is always safe.
 */
export function requirementsOf(branch: Branch): EventRequirement[] {
  return [{ kind: 'table', name: branch.table }, ...neededBy(branch.ops, new OwnColumns(branch.columns))];
}

export const storedRequirementsOf = (branch: Branch): StoredRequirement[] =>
  requirementsOf(branch).filter((one): one is StoredRequirement => one.kind !== 'any' && !('xml' in one));

/** A list: one of these. */
type Clause = readonly EventAtom[];

function neededBy(ops: readonly Op[], own: OwnColumns): EventRequirement[] {
  const needed: EventRequirement[] = [];
  for (const op of ops) {
    for (const cond of conditionsOf(op) ?? [])
      for (const clause of clausesOf(cond, own))
        needed.push(clause.length === 1 ? clause[0]! : { kind: 'any', of: clause });
    if (!own.follow(op)) {
      needed.push(...neededWithin(op, own));
      break;
    }
  }
  return needed;
}

/** What the subquery of an operator asks of its rows, where a row of which none is left is dropped. */
function neededWithin(op: Op, own: OwnColumns): EventRequirement[] {
  const facts = factsOf(op);
  const sub = facts.onArrival && facts.rows?.(op) === 'fewer' ? facts.subquery?.(op) : undefined;
  if (!sub?.ops.every((inner) => factsOf(inner).onArrival && factsOf(inner).rows?.(inner) !== 'any')) return [];
  const inner = own.copy();
  inner.addElements((facts.origins?.(op).columns ?? []).flatMap(({ name, expr }) => (expr ? [{ name, expr }] : [])));
  return neededBy(sub.ops, inner);
}

/** Most texts of which one must be there. */
const MAX_ATOMS = 2_000;

function clausesOf(cond: Expr, own: OwnColumns): Clause[] {
  if (cond.k !== 'call') return [];
  if (cond.fn === 'and') return cond.args.flatMap((part) => clausesOf(part, own));
  if (cond.fn === 'or') return eitherOf(cond.args.map((part) => clausesOf(part, own)));
  return comparedClauses(cond.fn, cond.args, own).filter((clause) => clause.length > 0 && clause.length <= MAX_ATOMS);
}

/** What holds where the clauses of one of the parts do. */
function eitherOf(parts: readonly (readonly Clause[])[]): Clause[] {
  const found: Clause[] = [];
  const numbers = parts.map((clauses) => clauses.find(([atom, ...more]) => atom!.kind === 'number' && !more.length));
  const first = numbers[0]?.[0];
  if (first?.kind === 'number') {
    const values = numbers.map((clause) => {
      const atom = clause?.[0];
      return atom?.kind === 'number' && atom.column === first.column ? atom.values : undefined;
    });
    if (!values.includes(undefined)) found.push([{ ...first, values: [...new Set(values.flatMap((list) => list!))] }]);
  }
  const texts = parts.map((clauses) => mostTelling(clauses));
  if (!texts.includes(undefined)) {
    const either = texts.flatMap((clause) => clause!);
    if (either.length <= MAX_ATOMS) found.push(either);
  }
  return found;
}

/** Of clauses of texts the one whose shortest text is longest. */
function mostTelling(clauses: readonly Clause[]): Clause | undefined {
  let best: { clause: Clause; length: number } | undefined;
  for (const clause of clauses) {
    const length = Math.min(...clause.map((atom) => (atom.kind === 'literal' ? atom.text.length : 0)));
    if (length > (best?.length ?? 0)) best = { clause, length };
  }
  return best?.clause;
}

const EXACT = new Set([
  '==',
  'in',
  'has_cs',
  'contains_cs',
  'startswith_cs',
  'endswith_cs',
  'hasprefix_cs',
  'hassuffix_cs',
]);
const FOLDED = new Set([
  '=~',
  'in~',
  'has',
  'contains',
  'startswith',
  'endswith',
  'hasprefix',
  'hassuffix',
  'has_any',
  'has_all',
]);
const EQUAL = new Set(['==', 'in', '=~', 'in~']);

function comparedClauses(fn: string, args: readonly Expr[], own: OwnColumns): Clause[] {
  const [left, ...right] = EQUAL.has(fn) && args[0]?.k === 'lit' ? [...args].reverse() : args;
  const values = constants(right);
  if (!left || !values) return [];
  if (EQUAL.has(fn)) {
    const numbers = numbersAmong(values);
    const isText = values.every((value) => typeof value === 'string');
    const column = numbers && own.numberOf(left, isText);
    if (column && numbers) return [[{ kind: 'number', column, values: numbers }]];
  }
  const tie = own.tieOf(left);
  if (!tie) return [];
  if (fn === 'matches regex') {
    const [pattern] = values;
    if (typeof pattern !== 'string') return [];
    return requiredTexts(pattern).map((list) => list.map((text) => literal(text, false, tie)));
  }
  const isExact = EXACT.has(fn);
  if (!isExact && !FOLDED.has(fn)) return [];
  if (!values.every((value) => typeof value === 'string' && value !== '')) return [];
  const atoms = values.map((text) => literal(text as string, isExact, tie));
  return fn === 'has_all' ? atoms.map((atom) => [atom]) : [atoms];
}

const literal = (text: string, caseSensitive: boolean, tie: Tie): EventAtom => ({
  kind: 'literal',
  text,
  caseSensitive,
  ...(tie === 'xml' ? { xml: true } : {}),
});

const WHOLE = /^(?:0|-?[1-9]\d{0,14})$/;

/** The whole numbers that these values are; undefined where one is none. */
function numbersAmong(values: readonly unknown[]): number[] | undefined {
  const numbers = values.map((value) => (typeof value === 'string' && WHOLE.test(value) ? Number(value) : value));
  return numbers.every((value) => Number.isSafeInteger(value)) ? (numbers as number[]) : undefined;
}

/** Texts and whole numbers that are known now: literals, lists of them. */
function constants(exprs: readonly Expr[]): (string | number)[] | undefined {
  const found: (string | number)[] = [];
  for (const expr of exprs) {
    const list =
      expr.k === 'call' && expr.fn === 'pack_array'
        ? constants(expr.args)
        : expr.k === 'lit'
          ? valuesOf(expr)
          : undefined;
    if (!list) return undefined;
    found.push(...list);
  }
  return found.length > 0 ? found : undefined;
}

function valuesOf({ t, v }: Extract<Expr, { k: 'lit' }>): (string | number)[] | undefined {
  const isValue = (value: unknown): value is string | number => typeof value === 'string' || typeof value === 'number';
  if ((t === 'string' || t === 'int' || t === 'long') && isValue(v)) return [v];
  const items: unknown = t === 'dynamic' ? v : undefined;
  return Array.isArray(items) && items.every(isValue) ? items : undefined;
}
