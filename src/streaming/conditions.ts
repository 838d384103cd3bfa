import { type Expr, factsOf, type Op } from '../kql';

export const conjuncts = (cond: Expr): readonly Expr[] => (cond.k === 'call' && cond.fn === 'and' ? cond.args : [cond]);

/** The conditions of an operator that does nothing but drop rows of which one of them is not true; undefined of any other. */
export function conditionsOf(op: Op): readonly Expr[] | undefined {
  const cond = factsOf(op).condition?.(op);
  return cond && conjuncts(cond);
}

/** The filter that asks for all of these, as part of the operator `of`; none where there are none. */
export function filterBy(conditions: readonly Expr[], of: Pick<Op, 'stage'> = {}): Op[] {
  if (conditions.length === 0) return [];
  const cond: Expr = conditions.length === 1 ? conditions[0]! : { k: 'call', fn: 'and', args: conditions };
  return [{ op: 'where', cond, ...(of.stage === undefined ? {} : { stage: of.stage }) }];
}
