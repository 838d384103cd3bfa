import { someExpr } from '../analysis/expressions';
import { findFunction } from '../functions/registry';
import type { Expr } from '../ir';

/** Whether evaluating an expression may fail by what a row holds, limits aside. */
export const failsByRow = (expr: Expr): boolean =>
  someExpr(expr, (part) => part.k === 'call' && findFunction(part.fn)?.fails === true);
