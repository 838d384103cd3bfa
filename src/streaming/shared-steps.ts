import { someExpr } from '../kql/analysis/references';
import type { Expr, Op } from '../kql/ir';
import { conjuncts } from './row-stage';

/** An operator, or one condition of a filter, that legs may have in common. */
export interface SharedStep {
  /** Equal keys, equal operators. */
  readonly key: string;
  readonly op: Op;
  /** Operators of the row stage that have run when this has. */
  readonly ops: number;
}

/**
 * The operators that a row stage begins with and that mean the same on a row with more columns than the leg itself reads. A filter is taken
 * apart into its conditions.
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

/** Looks at nothing but columns by their names. */
const isPlain = (expr: Expr): boolean => !someExpr(expr, ({ k }) => k !== 'lit' && k !== 'col' && k !== 'call');

/** An expression without the places that it has in its query. */
function keyOf(expr: Expr): string {
  if (expr.k === 'col') return JSON.stringify(expr.name);
  if (expr.k === 'call') return `${expr.fn}(${expr.args.map(keyOf).join()})`;
  return JSON.stringify(expr);
}
