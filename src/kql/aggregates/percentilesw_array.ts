import { percentilesAggregate } from './support/percentiles';

export const percentileswArray = percentilesAggregate({
  name: 'percentilesw_array',
  docs: 'percentilesw-aggregation-function',
  weighted: true,
  array: true,
});
