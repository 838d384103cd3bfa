import { type Expr, factsOf, mapOp, type Op, partsOfOp, someExpr } from '../kql';
import { conditionsOf, filterBy } from './conditions';

/** An operator, or one condition of a filter, that legs may have in common. */
export interface SharedStep {
  /** Equal keys, equal operators. */
  readonly key: string;
  readonly op: Op;
  /** How many operators of the row stage have run after this step. */
  readonly ops: number;
}

/**
 * The first operators of a row stage, as far as they give the same on rows with more columns than the leg itself reads. A filter becomes one
 * step for each of its conditions.
 */
export function sharedSteps(ops: readonly Op[]): SharedStep[] {
  const steps: SharedStep[] = [];
  for (const [at, op] of ops.entries()) {
    const { exprs, plans } = partsOfOp(op);
    if (plans.length > 0 || !exprs.every(isPlain)) break;
    const conditions = conditionsOf(op);
    if (!conditions && !isOnOneRow(op)) break;
    for (const step of conditions ? conditions.flatMap((cond) => filterBy([cond])) : [op])
      steps.push({ key: keyOfOp(step), op: step, ops: at + 1 });
  }
  return steps;
}

/** Whether it runs on arrival, gives at most one row and leaves columns alone that it does not name. */
function isOnOneRow(op: Op): boolean {
  const { onArrival, rows, writes } = factsOf(op);
  const change = rows?.(op);
  return onArrival?.(op) === true && (change === 'same' || change === 'fewer') && writes !== undefined;
}

/** An operator without the places that it and its expressions have in their query. */
const keyOfOp = (op: Op): string => {
  const { stage: _, ...rest } = mapOp(
    op,
    (expr) => ({ k: 'col', name: keyOf(expr) }),
    (plan) => plan,
  );
  return JSON.stringify(rest, (key, value: unknown) => (key === 'at' ? undefined : value));
};

/** Looks at nothing but columns by their names. */
const isPlain = (expr: Expr): boolean => !someExpr(expr, ({ k }) => k !== 'lit' && k !== 'col' && k !== 'call');

/** An expression as text, without its places in the query: equal expressions of two rules have equal keys. */
function keyOf(expr: Expr): string {
  if (expr.k === 'col') return JSON.stringify(expr.name);
  if (expr.k === 'call') return `${expr.fn}(${expr.args.map(keyOf).join()})`;
  return JSON.stringify(expr);
}
