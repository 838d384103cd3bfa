import { percentilesAggregate } from './support/percentiles';

export const percentiles = percentilesAggregate({ name: 'percentiles', weighted: false, array: false });
