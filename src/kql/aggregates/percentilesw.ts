import { percentilesAggregate } from './support/percentiles';

export const percentilesw = percentilesAggregate({
  name: 'percentilesw',
  docs: 'percentilesw-aggregation-function',
  weighted: true,
  array: false,
});
