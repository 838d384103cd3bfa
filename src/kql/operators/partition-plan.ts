import { mapOp, mapParts, mapQueries } from '../analysis/map';
import { expressionsOf, pipelinesOf, someExpr } from '../analysis/references';
import { type Expr, type Op, PARTITION_KEY, type Pipeline, type Source } from '../ir';

/** What a subquery of `partition` knows of one partition. */
export interface Part {
  readonly key: Expr;
  /** Its rows, for pipelines inside the subquery that begin with them. */
  readonly rows: Source;
}

/** Whether a subquery is another one for each partition: it reads the key, or names its rows. */
export const isOfPart = (plan: Pipeline): boolean =>
  plan.ops.some(
    (op) =>
      expressionsOf(op).some((expr) => someExpr(expr, isKey)) ||
      pipelinesOf(op).some((inner) => (inner.source.kind === 'input' && !isOwn(op, inner)) || isOfPart(inner)),
  ) || readsKey(plan.source);

const isKey = (expr: Expr): boolean => expr.k === 'col' && expr.name === PARTITION_KEY;
/** The subquery of `mv-apply` or an inner `partition` has an input of its own. */
const isOwn = (op: Op, inner: Pipeline): boolean => (op.op === 'mv-apply' || op.op === 'partition') && op.sub === inner;
const readsKey = (source: Source): boolean =>
  (source.kind === 'range' && [source.from, source.to, source.step].some((expr) => someExpr(expr, isKey))) ||
  (source.kind === 'union' && source.union.legs.some(isOfPart));

/** The subquery for one partition. */
export function planOfPart(plan: Pipeline, part: Part): Pipeline {
  const value = (expr: Expr): Expr => mapQueries(withKey(expr, part.key), inside);
  const inside = (inner: Pipeline): Pipeline => {
    const mapped = planOfPart(inner, part);
    return inner.source.kind === 'input' ? { ...mapped, source: part.rows } : mapped;
  };
  return {
    source: sourceOfPart(plan.source, value, inside),
    ops: plan.ops.map((op) => {
      const mapped = mapOp(op, value, inside);
      return op.op === 'mv-apply' || op.op === 'partition'
        ? ({ ...mapped, sub: planOfPart(op.sub, part) } as Op)
        : mapped;
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
