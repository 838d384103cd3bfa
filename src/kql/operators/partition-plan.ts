import { mapParts, mapQueries, pipelinesIn, someExpr } from '../analysis/expressions';
import { mapOp, partsOfOp } from '../analysis/map';
import { type Expr, PARTITION_KEY, type Pipeline, type Source } from '../ir';
import type { Binder } from '../prepared';

/** What a subquery of `partition` knows of one partition. */
export interface Part {
  readonly key: Expr;
  /** Its rows, for pipelines inside the subquery that begin with them. */
  readonly rows: Source;
}

/** Whether a subquery is another one for each partition: it reads the key, or names its rows. */
export function isOfPart(plan: Pipeline, bind: Binder): boolean {
  const { source } = plan;
  const inSource =
    source.kind === 'range'
      ? [source.from, source.to, source.step].some((expr) => someExpr(expr, isKey))
      : source.kind === 'union' && source.union.legs.some((leg) => isOfPart(leg, bind));
  return (
    inSource ||
    plan.ops.some((op) => {
      const { exprs, plans } = partsOfOp(op);
      // Another operator's subquery has an input of its own.
      const own = bind.subqueryOf(op);
      return (
        exprs.some((expr) => someExpr(expr, isKey)) ||
        [...plans, ...exprs.flatMap(pipelinesIn)].some(
          (inner) => (inner.source.kind === 'input' && inner !== own) || isOfPart(inner, bind),
        )
      );
    })
  );
}

const isKey = (expr: Expr): boolean => expr.k === 'col' && expr.name === PARTITION_KEY;

/** The subquery for one partition. */
export function planOfPart(plan: Pipeline, bind: Binder, part: Part): Pipeline {
  const value = (expr: Expr): Expr => mapQueries(withKey(expr, part.key), inside);
  const inside = (inner: Pipeline): Pipeline => {
    const mapped = planOfPart(inner, bind, part);
    return inner.source.kind === 'input' ? { ...mapped, source: part.rows } : mapped;
  };
  return {
    source: sourceOfPart(plan.source, value, inside),
    ops: plan.ops.map((op) => {
      const own = bind.subqueryOf(op);
      return mapOp(op, value, (inner) => (inner === own ? planOfPart(inner, bind, part) : inside(inner)));
    }),
  };
}

function sourceOfPart(source: Source, value: (expr: Expr) => Expr, inside: (plan: Pipeline) => Pipeline): Source {
  switch (source.kind) {
    case 'range':
      return { ...source, from: value(source.from), to: value(source.to), step: value(source.step) };
    case 'union':
      return { ...source, union: { ...source.union, legs: source.union.legs.map(inside) } };
    default:
      return source;
  }
}

const withKey = (expr: Expr, key: Expr): Expr => (isKey(expr) ? key : mapParts(expr, (part) => withKey(part, key)));
