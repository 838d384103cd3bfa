export { dcountHll } from './dcount_hll';
export { dcountIntersect } from './dcount_intersect';
export { hllMergeFunction } from './hll_merge';
export { percentileTdigest } from './percentile_tdigest';
export { percentilesArrayTdigest } from './percentiles_array_tdigest';
export { percentrankTdigest } from './percentrank_tdigest';
export { rankTdigest } from './rank_tdigest';
export { tdigestMergeFunction } from './tdigest_merge';
