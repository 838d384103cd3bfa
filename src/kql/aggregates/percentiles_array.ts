import { percentilesAggregate } from './support/percentiles';

export const percentilesArray = percentilesAggregate({ name: 'percentiles_array', weighted: false, array: true });
