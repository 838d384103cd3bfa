import type { Pipeline } from '../ir';
import { factsOf } from '../operators/registry';

/**
 * Whether a pipeline gives no rows when its sources have none, whatever the clock says. False where that is not certain.
 *
 * @param isEmpty whether a state gives no rows when it has none: a `summarize` without `by` gives one
 */
export function staysEmpty(plan: Pipeline, isEmpty: (leg: number) => boolean): boolean {
  const { source } = plan;
  const stays = (inner: Pipeline): boolean => staysEmpty(inner, isEmpty);
  const fromNothing =
    source.kind === 'table' ||
    (source.kind === 'state' && isEmpty(source.leg)) ||
    (source.kind === 'union' && source.union.legs.every(stays));
  return fromNothing && plan.ops.every((op) => factsOf(op).keepsEmpty?.(op, stays) ?? false);
}
