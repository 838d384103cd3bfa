import { someExpr } from '../kql/analysis/references';
import type { Expr, Op } from '../kql/ir';
import { conjuncts } from './row-stage';

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
    const ran = at + 1;
    if (op.op === 'where') {
      const conditions = conjuncts(op.cond);
      if (!conditions.every(isPlain)) break;
      for (const cond of conditions) steps.push({ key: `where ${keyOf(cond)}`, op: { op: 'where', cond }, ops: ran });
    } else if (op.op === 'extend') {
      if (!op.columns.every(({ expr }) => isPlain(expr))) break;
      steps.push({
        key: `extend ${JSON.stringify(op.columns.map(({ name, expr }) => [name, keyOf(expr)]))}`,
        op,
        ops: ran,
      });
    } else if (op.op === 'parse') {
      if (!isPlain(op.input)) break;
      const { input, stage: _, ...rest } = op;
      steps.push({ key: `parse ${keyOf(input)} ${JSON.stringify(rest)}`, op, ops: ran });
    } else break;
  }
  return steps;
}

/** Whether an expression reads nothing but columns, by name. */
const isPlain = (expr: Expr): boolean => !someExpr(expr, ({ k }) => k !== 'lit' && k !== 'col' && k !== 'call');

/** An expression as text, without its places in the query: equal expressions of two rules have equal keys. */
function keyOf(expr: Expr): string {
  if (expr.k === 'col') return JSON.stringify(expr.name);
  if (expr.k === 'call') return `${expr.fn}(${expr.args.map(keyOf).join()})`;
  return JSON.stringify(expr);
}
