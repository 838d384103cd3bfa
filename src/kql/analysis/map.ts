import type { Expr, Op, Pipeline } from '../ir';

/** Every kind of expression: an object of a plan that has one of them as `k` is an expression. */
const EXPR_KINDS: Record<Expr['k'], true> = {
  lit: true,
  col: true,
  call: true,
  now: true,
  toscalar: true,
  intable: true,
  columnifexists: true,
  anycolumn: true,
  packall: true,
};

const isExpr = (part: object): part is Expr =>
  'k' in part && typeof part.k === 'string' && Object.hasOwn(EXPR_KINDS, part.k);
const isPipeline = (part: object): part is Pipeline => 'source' in part && 'ops' in part && Array.isArray(part.ops);

/**
 * The operator with every expression that stands directly in it replaced, and every pipeline. Both are found by their form, whatever the
 * operator: a node cannot hide one.
 */
export function mapOp(op: Op, expr: (expr: Expr) => Expr, pipeline: (plan: Pipeline) => Pipeline): Op {
  const map = (part: unknown): unknown => {
    if (typeof part !== 'object' || part === null) return part;
    if (Array.isArray(part)) return part.map(map);
    if (isExpr(part)) return expr(part);
    if (isPipeline(part)) return pipeline(part);
    return fields(part);
  };
  const fields = (part: object): object =>
    Object.fromEntries(Object.entries(part).map(([name, value]) => [name, map(value)]));
  return fields(op) as Op;
}

/** What stands directly in an operator, in the order of its node. */
export function partsOfOp(op: Op): { readonly exprs: readonly Expr[]; readonly plans: readonly Pipeline[] } {
  const exprs: Expr[] = [];
  const plans: Pipeline[] = [];
  mapOp(
    op,
    (expr) => {
      exprs.push(expr);
      return expr;
    },
    (plan) => {
      plans.push(plan);
      return plan;
    },
  );
  return { exprs, plans };
}

/** An operator as text, without the places that it and its expressions have in their query: equal keys, equal operators. */
export const opKey = ({ stage: _, ...op }: Op): string => partKey(op);

function partKey(part: unknown): string {
  if (typeof part !== 'object' || part === null) return JSON.stringify(part) ?? 'undefined';
  if (Array.isArray(part)) return `[${part.map(partKey).join()}]`;
  if (isExpr(part)) return exprKey(part);
  let text = '';
  for (const [name, value] of Object.entries(part)) if (name !== 'at') text += `${name}:${partKey(value)},`;
  return `{${text}}`;
}

function exprKey(expr: Expr): string {
  if (expr.k === 'col') return JSON.stringify(expr.name);
  if (expr.k === 'call') return `${expr.fn}(${expr.args.map(exprKey).join()})`;
  return JSON.stringify(expr);
}
