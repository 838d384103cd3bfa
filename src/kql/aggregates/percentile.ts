import { percentilesAggregate } from './support/percentiles';

export const percentile = percentilesAggregate({ name: 'percentile', weighted: false, array: false });
