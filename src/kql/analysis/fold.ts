import { prepareExpr, preparePipeline } from '../bind';
import { KqlError } from '../errors';
import { findFunction } from '../functions/registry';
import { type Expr, type Op, PARTITION_KEY, type Pipeline, type Source } from '../ir';
import { createRuntime } from '../runtime';
import { encodeValue } from '../values/codec';
import { mapParts, partsOf } from './expressions';
import { mapOp, partsOfOp } from './map';
import { readsClock } from './references';

/** A query that gives more stays a query. */
const MOST_ROWS = 10_000;

/**
 * The plan with what is the same in every run worked out: calls of constants, queries over rows known at build (`toscalar`, `in (table)`),
 * and filters that such values decide. What is left of a table after a filter that lets nothing through is no rows. Parsers of ASIM are full
 * of both: `(array_length(x) == 0 or C has_any (x))`, `not(disabled)`. The result of the plan is the same.
 */
export function foldConstants(plan: Pipeline): Pipeline {
  const ops = plan.ops.map((op) => mapOp(op, foldExpr, (inner) => asRows(foldConstants(inner))));
  return withoutLost({ source: foldSource(plan.source), ops });
}

function foldSource(source: Source): Source {
  if (source.kind !== 'union') return source;
  return { kind: 'union', union: { ...source.union, legs: source.union.legs.map(foldConstants) } };
}

type Literal = Extract<Expr, { k: 'lit' }>;

const isBool = (expr: Expr, value: boolean): boolean => expr.k === 'lit' && expr.t === 'bool' && expr.v === value;

/** An expression with its constant parts worked out. */
function foldExpr(expr: Expr): Expr {
  const inner = mapParts(expr, foldExpr);
  if (inner.k === 'toscalar' || inner.k === 'intable') {
    const plan = foldConstants(inner.plan);
    const folded = { ...inner, plan };
    return isKnown(plan) && partsOf(folded).every(isLiteral) ? (literalOf(folded) ?? folded) : folded;
  }
  if (inner.k !== 'call') return inner;
  if (inner.fn === 'and' || inner.fn === 'or') return foldLogical(inner, inner.fn);
  return inner.args.every(isLiteral) ? (literalOf(inner) ?? inner) : inner;
}

const isLiteral = (expr: Expr): expr is Literal => expr.k === 'lit';

/** An argument that decides makes the whole; one that never does is left out. */
function foldLogical(expr: Extract<Expr, { k: 'call' }>, fn: 'and' | 'or'): Expr {
  const decisive = fn === 'or';
  if (expr.args.some((arg) => isBool(arg, decisive))) return { k: 'lit', t: 'bool', v: decisive };
  const args = expr.args.filter((arg) => !isBool(arg, !decisive));
  if (args.length === expr.args.length) return expr;
  const [only] = args;
  if (only === undefined) return { k: 'lit', t: 'bool', v: !decisive };
  // Of any other type it would have been made a bool.
  return args.length === 1 && givesBool(only) ? only : { ...expr, args };
}

const givesBool = (expr: Expr): boolean =>
  expr.k === 'intable' ||
  (expr.k === 'call' && (expr.fn === 'and' || expr.fn === 'or' || findFunction(expr.fn)?.returns === 'bool'));

/** Whether a query gives the same rows in every run: rows of the build, which no list replaces, and nothing of the clock. */
const isKnown = (plan: Pipeline): boolean => isOfBuild(plan, false) && !readsClock(plan);

function isOfBuild({ source, ops }: Pipeline, isInner: boolean): boolean {
  return isSourceOfBuild(source, isInner) && ops.every(isOpOfBuild);
}

function isSourceOfBuild(source: Source, isInner: boolean): boolean {
  switch (source.kind) {
    case 'rows':
      return source.reference === undefined;
    case 'unit':
      return true;
    case 'input':
      return isInner;
    case 'union':
      return source.union.legs.every((leg) => isOfBuild(leg, isInner));
    default:
      return false;
  }
}

function isOpOfBuild(op: Op): boolean {
  const { exprs, plans } = partsOfOp(op);
  return plans.every((inner) => isOfBuild(inner, true)) && exprs.every(isExprOfBuild);
}

const isExprOfBuild = (expr: Expr): boolean =>
  (expr.k !== 'col' || expr.name !== PARTITION_KEY) &&
  ((expr.k !== 'toscalar' && expr.k !== 'intable') || isOfBuild(expr.plan, false)) &&
  partsOf(expr).every(isExprOfBuild);

/** undefined where it fails, which a run is to say, or where it is none that a plan can hold. */
function literalOf(expr: Expr): Literal | undefined {
  try {
    const prepared = prepareExpr(expr, []);
    const value = prepared.eval([], createRuntime({ now: 0n }));
    return { k: 'lit', t: prepared.type, v: encodeValue(value, prepared.type) };
  } catch (error) {
    if (error instanceof KqlError) return undefined;
    throw error;
  }
}

/** A query over rows of the build as the rows that it gives: of the other side of a `lookup`, so that it can be done an event at a time. */
function asRows(plan: Pipeline): Pipeline {
  if (plan.ops.length === 0 || plan.source.kind === 'input' || !isKnown(plan)) return plan;
  try {
    const { schema, rows } = preparePipeline(plan).run(createRuntime({ now: 0n, maxRows: MOST_ROWS }));
    const encoded = rows.map((row) => row.map((value, i) => encodeValue(value, schema[i]!.type)));
    return { source: { kind: 'rows', columns: schema, rows: encoded }, ops: [] };
  } catch (error) {
    if (error instanceof KqlError) return plan;
    throw error;
  }
}

/** Where a filter lets nothing through, what stands before it need not be read. */
function withoutLost(plan: Pipeline): Pipeline {
  const at = plan.ops.findIndex((op) => op.op === 'where' && isBool(op.cond, false));
  if (at < 0) return plan;
  const { schema } = preparePipeline({ source: plan.source, ops: plan.ops.slice(0, at) });
  if (!schema) return plan;
  return { source: { kind: 'rows', columns: schema, rows: [] }, ops: plan.ops.slice(at + 1) };
}
