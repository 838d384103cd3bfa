import type { Op, Pipeline } from '../ir';

/**
 * Whether a pipeline gives no rows when its sources have none, whatever the clock says. False where that is not certain.
 *
 * @param isEmpty whether a state gives no rows when it has none: a `summarize` without `by` gives one
 */
export function staysEmpty(plan: Pipeline, isEmpty: (leg: number) => boolean): boolean {
  const { source } = plan;
  const fromNothing =
    source.kind === 'table' ||
    (source.kind === 'state' && isEmpty(source.leg)) ||
    (source.kind === 'union' && source.union.legs.every((leg) => staysEmpty(leg, isEmpty)));
  return fromNothing && plan.ops.every((op) => keepsEmpty(op, isEmpty));
}

function keepsEmpty(op: Op, isEmpty: (leg: number) => boolean): boolean {
  switch (op.op) {
    case 'count':
    case 'getschema':
      return false;
    case 'summarize':
      return op.by.length > 0;
    case 'make-series':
      return op.nonEmpty !== true;
    case 'join':
      return !['rightouter', 'fullouter', 'rightanti'].includes(op.kind) || staysEmpty(op.right, isEmpty);
    case 'union':
      return op.union.legs.every((leg) => staysEmpty(leg, isEmpty));
    default:
      return true;
  }
}
