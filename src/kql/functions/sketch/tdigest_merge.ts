import { digestFromDynamic, digestToDynamic } from '../../aggregates/support/tdigest';
import type { Dynamic } from '../../values/types';
import { defineFunction } from '../define';

/** Null if an argument is no result of `tdigest`, or the types of their values differ. */
export const tdigestMergeFunction = defineFunction({
  name: 'tdigest_merge',
  aliases: ['merge_tdigest', 'merge_tdigests'],
  docs: 'tdigest-merge-function',
  params: ['dynamic'],
  rest: 'dynamic',
  returns: 'dynamic',
  impl: (...digests: Dynamic[]) => {
    const [first, ...others] = digests.map(digestFromDynamic);
    if (!first) return null;
    for (const other of others) {
      if (other?.type !== first.type) return null;
      first.quantiles.merge(other.quantiles);
    }
    return digestToDynamic(first);
  },
});
