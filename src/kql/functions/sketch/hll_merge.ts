import { hllFromDynamic, hllToDynamic } from '../../aggregates/support/hll';
import type { Dynamic } from '../../values/types';
import { defineFunction } from '../define';

/** Null if an argument is no result of `hll`, or the accuracies differ. */
export const hllMergeFunction = defineFunction({
  name: 'hll_merge',
  docs: 'hll-merge-function',
  params: ['dynamic'],
  rest: 'dynamic',
  returns: 'dynamic',
  impl: (...sketches: Dynamic[]) => {
    const [first, ...others] = sketches.map(hllFromDynamic);
    if (!first) return null;
    for (const other of others) {
      if (other?.precision !== first.precision) return null;
      first.merge(other);
    }
    return hllToDynamic(first);
  },
});
