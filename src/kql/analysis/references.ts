import type { Expr, Op, Pipeline } from '../ir';
import { factsOf } from '../operators/registry';
import { pipelinesIn, someExpr } from './expressions';
import { partsOfOp } from './map';

/** Every expression in an operator that reads the rows it stands on. */
export const expressionsOf = (op: Op): readonly Expr[] => factsOf(op).expressions?.(op) ?? partsOfOp(op).exprs;

/** Pipelines that stand in an operator beside its input, those inside its expressions last. */
export function pipelinesOf(op: Op): Pipeline[] {
  const { exprs, plans } = partsOfOp(op);
  return [...plans, ...exprs.flatMap(pipelinesIn)];
}

/** Whether a pipeline reads a table of the stream, anywhere. */
export function readsStream(plan: Pipeline): boolean {
  const { source } = plan;
  if (source.kind === 'table' || source.kind === 'state') return true;
  if (source.kind === 'union' && source.union.legs.some(readsStream)) return true;
  if (source.kind === 'range' && [source.from, source.to, source.step].flatMap(pipelinesIn).some(readsStream))
    return true;
  return plan.ops.some((op) => pipelinesOf(op).some(readsStream));
}

/** Whether a pipeline may look at the clock, anywhere. */
export function readsClock(plan: Pipeline): boolean {
  const { source } = plan;
  const isNow = (expr: Expr): boolean => someExpr(expr, (part) => part.k === 'now');
  if (source.kind === 'union' && source.union.legs.some(readsClock)) return true;
  if (source.kind === 'range' && [source.from, source.to, source.step].some(isNow)) return true;
  return plan.ops.some(
    (op) => !factsOf(op).ignoresClock || partsOfOp(op).exprs.some(isNow) || pipelinesOf(op).some(readsClock),
  );
}
