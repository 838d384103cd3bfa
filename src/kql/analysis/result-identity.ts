import { preparePipeline } from '../bind';
import type { Op, Pipeline } from '../ir';
import { rightColumns } from '../operators/join-columns';
import { factsOf } from '../operators/registry';

/**
 * The output columns that are proved to tell one result row from another while counts beside them grow: the keys of the last grouping
 * (`summarize`, `distinct`, …) and of what is joined to it, when all of them reach the result. undefined: only the whole row tells.
 */
export function resultKeys(plan: Pipeline): string[] | undefined {
  let keys: readonly string[] | undefined;
  plan.ops.forEach((op, i) => {
    const facts = factsOf(op);
    const own = facts.groupKeys?.(op);
    if (own !== undefined) keys = own === 'all' ? undefined : own;
    else if (facts.joinsKeys)
      keys = facts.joinsKeys(op, keys, {
        keysOf: resultKeys,
        rightNames: (right, leftOut) => rightNames({ ...plan, ops: plan.ops.slice(0, i) }, right, leftOut),
      });
    else keys = keys && follow(op, keys);
  });
  return keys && [...keys];
}

/** An operator that repeats no row and leaves the keys alone keeps them, also where it does not say so. */
function follow(op: Op, keys: readonly string[]): readonly string[] | undefined {
  const facts = factsOf(op);
  if (facts.followsKeys) return facts.followsKeys(op, keys);
  const rows = facts.rows?.(op);
  const written = facts.writes?.(op);
  const isKept = (key: string): boolean => !written!.includes(key) && (facts.keeps?.(op, key) ?? true);
  return (rows === 'same' || rows === 'fewer') && written && keys.every(isKept) ? keys : undefined;
}

function rightNames(left: Pipeline, right: Pipeline, leftOut: ReadonlySet<string>): Map<string, string> | undefined {
  const [own, other] = [preparePipeline(left).schema, preparePipeline(right).schema];
  if (!own || !other) return undefined;
  const { columns, places } = rightColumns(own, other, leftOut);
  return new Map(columns.map(({ name }, i) => [other[places[i]!]!.name, name]));
}
