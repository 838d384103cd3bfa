import type { Pipeline } from '../ir';
import { factsOf } from '../operators/registry';

/**
 * The output columns that are keys of the query's last grouping (`summarize`, `distinct`, …), when all of them reach the result: they tell one
 * result row from another while counts beside them grow. undefined: only the whole row tells.
 */
export function resultKeys(plan: Pipeline): string[] | undefined {
  const last = plan.ops.findLastIndex((op) => factsOf(op).groupKeys);
  const grouping = plan.ops[last];
  const own = grouping && factsOf(grouping).groupKeys?.(grouping);
  if (!own || own === 'all') return undefined;
  let keys = own;
  for (const op of plan.ops.slice(last + 1)) {
    const next = factsOf(op).followsKeys?.(op, keys);
    if (!next) return undefined;
    keys = next;
  }
  return [...keys];
}
