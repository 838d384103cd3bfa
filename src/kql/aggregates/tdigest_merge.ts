import type { Encoded } from '../values/codec';
import type { Dynamic, ScalarType } from '../values/types';
import { type BoundAggregate, defineAggregate } from './define';
import { Quantiles } from './support/quantiles';
import { type Digest, digestFromDynamic, digestToDynamic } from './support/tdigest';

/** One digest for each type met: digests of different types do not merge, the result is then null. */
type Digests = Map<ScalarType, Quantiles>;

function take(into: Digests, { type, quantiles }: Digest): void {
  const known = into.get(type);
  if (known) known.merge(quantiles);
  else into.set(type, quantiles);
}

/** Merges results of `tdigest`; anything else is passed over. */
export const tdigestMerge = defineAggregate({
  name: 'tdigest_merge',
  aliases: ['merge_tdigest', 'merge_tdigests'],
  docs: 'tdigest-merge-aggregation-function',
  params: ['dynamic'],
  returns: () => ['dynamic'],
  bind: (): BoundAggregate<Digests> => ({
    init: () => new Map(),
    add(state, [value]) {
      const digest = digestFromDynamic(value as Dynamic);
      if (digest !== null) take(state, digest);
    },
    merge(into, other) {
      for (const [type, quantiles] of other) take(into, { type, quantiles: Quantiles.load(quantiles.save(), type) });
    },
    result(state) {
      const [first, second] = state;
      return [
        first === undefined || second !== undefined ? null : digestToDynamic({ type: first[0], quantiles: first[1] }),
      ];
    },
    save: (state) =>
      [...state].sort(([a], [b]) => (a < b ? -1 : 1)).map(([type, quantiles]) => [type, quantiles.save()]),
    load: (saved) =>
      new Map((saved as [ScalarType, Encoded][]).map(([type, digest]) => [type, Quantiles.load(digest, type)])),
  }),
});
