import { type BoundAggregate, defineAggregate } from './define';
import { collectQuantiles, resultType } from './support/percentiles';
import type { Quantiles } from './support/quantiles';
import { digestToDynamic } from './support/tdigest';

/** What `percentile` works on, to be merged and asked later. */
export const tdigest = defineAggregate({
  name: 'tdigest',
  docs: 'tdigest-aggregation-function',
  params: ['any', 'long'],
  optional: 1,
  returns: () => ['dynamic'],
  bind: (args): BoundAggregate<Quantiles> => {
    const type = resultType('tdigest', args[0]!.type);
    return {
      ...collectQuantiles('tdigest', args, args.length > 1),
      result: (quantiles) => [digestToDynamic({ type, quantiles })],
    };
  },
});
