import { percentilesAggregate } from './support/percentiles';

export const percentilew = percentilesAggregate({
  name: 'percentilew',
  docs: 'percentilesw-aggregation-function',
  weighted: true,
  array: false,
});
