import { hllFromDynamic } from '../../aggregates/support/hll';
import { unsupported } from '../../errors';
import type { Dynamic } from '../../values/types';
import { defineFunction } from '../define';

/** Sets beyond the size of exact counting are estimated from the unions of all choices of them: twice as many with each set. */
const MOST_SETS = 8;

/** What the plugin of that name computes: how many keys all the results of `hll` hold. Null as for `hll_merge`. */
export const dcountIntersect = defineFunction({
  name: 'dcount_intersect',
  docs: 'dcount-intersect-plugin',
  params: ['dynamic'],
  rest: 'dynamic',
  returns: 'long',
  bind: (args) => {
    if (args.length > MOST_SETS)
      throw unsupported(`dcount_intersect() takes ${MOST_SETS} sets here, not ${args.length}`);
    return (...sketches: Dynamic[]) => {
      const [first, ...others] = sketches.map(hllFromDynamic);
      if (!first || others.some((other) => other?.precision !== first.precision)) return null;
      return first.countCommon(others.map((other) => other!));
    };
  },
});
