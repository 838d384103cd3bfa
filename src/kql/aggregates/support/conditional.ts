import type { ArgInfo } from '../../functions/define';
import { type Aggregate, type BoundAggregate, defineAggregate } from '../define';

/**
 * The `…if` form of an aggregate: the same over the rows for which a predicate, its argument number `at`, is true.
 * https://learn.microsoft.com/kusto/query/aggregation-functions
 */
export function conditional(
  base: Aggregate,
  names: { readonly name: string; readonly docs: string; readonly aliases?: readonly string[]; readonly at?: number },
): Aggregate {
  const { name, docs, aliases, at = 1 } = names;
  const others = <T>(items: readonly T[]): T[] => items.filter((_, i) => i !== at);
  return defineAggregate({
    ...base,
    name,
    docs,
    aliases,
    params: [...base.params.slice(0, at), 'bool', ...base.params.slice(at)],
    returns: (args: readonly ArgInfo[]) => base.returns(others(args)),
    bind(args) {
      const bound = base.bind(others(args)) as BoundAggregate;
      return {
        ...bound,
        add(state, values, order) {
          if (values[at] === true) bound.add(state, others(values), order);
        },
      } satisfies BoundAggregate;
    },
  });
}
