import type { AggregateCall, Expr, Pipeline } from '../ir';
import { type Names, union } from './names';

/** The expressions that stand directly in one; those of queries inside it are not among them. */
export function partsOf(expr: Expr): readonly Expr[] {
  switch (expr.k) {
    case 'call':
      return expr.args;
    case 'intable':
      return [expr.left];
    case 'columnifexists':
      return [expr.otherwise];
    case 'anycolumn':
      return [expr.right];
    default:
      return [];
  }
}

/** The expression with those that stand directly in it replaced (see `partsOf`). */
export function mapParts(expr: Expr, f: (expr: Expr) => Expr): Expr {
  switch (expr.k) {
    case 'call':
      return { ...expr, args: expr.args.map(f) };
    case 'intable':
      return { ...expr, left: f(expr.left) };
    case 'columnifexists':
      return { ...expr, otherwise: f(expr.otherwise) };
    case 'anycolumn':
      return { ...expr, right: f(expr.right) };
    default:
      return expr;
  }
}

/** The expression with every query inside it replaced. */
export function mapQueries(expr: Expr, pipeline: (plan: Pipeline) => Pipeline): Expr {
  const mapped = mapParts(expr, (part) => mapQueries(part, pipeline));
  return mapped.k === 'toscalar' || mapped.k === 'intable' ? { ...mapped, plan: pipeline(mapped.plan) } : mapped;
}

/** Columns that an expression reads from its row. Queries inside it (`toscalar`) read their own rows. */
export function readBy(expr: Expr): Names {
  if (expr.k === 'anycolumn' || expr.k === 'packall') return 'all';
  const own = expr.k === 'col' || expr.k === 'columnifexists' ? [expr.name] : [];
  return union(new Set(own), ...partsOf(expr).map(readBy));
}

export const readByAll = (exprs: readonly Expr[]): Names => union(...exprs.map(readBy));

export const readByAggregate = (call: AggregateCall): Names => (call.star ? 'all' : readByAll(call.args));

export function pipelinesIn(expr: Expr): Pipeline[] {
  const own = expr.k === 'toscalar' || expr.k === 'intable' ? [expr.plan] : [];
  return [...own, ...partsOf(expr).flatMap(pipelinesIn)];
}

/** Whether any part of an expression fulfils a test, queries inside it left out. */
export const someExpr = (expr: Expr, test: (part: Expr) => boolean): boolean =>
  test(expr) || partsOf(expr).some((part) => someExpr(part, test));
