import { dynamicReal } from '../../values/json';
import type { Dynamic } from '../../values/types';
import { defineFunction } from '../define';
import { seriesStatistics } from './support/statistics';

export const seriesStatsDynamic = defineFunction({
  name: 'series_stats_dynamic',
  docs: 'series-stats-dynamic-function',
  params: ['dynamic', 'bool'],
  optional: 1,
  returns: 'dynamic',
  impl: (series: Dynamic, ignoreNonfinite = false) => {
    const stats = seriesStatistics(series, ignoreNonfinite);
    if (stats === null) return null;
    return new Map<string, Dynamic>([
      ['min', dynamicReal(stats.min)],
      ['min_idx', stats.minIndex],
      ['max', dynamicReal(stats.max)],
      ['max_idx', stats.maxIndex],
      ['avg', dynamicReal(stats.average)],
      ['stdev', dynamicReal(Math.sqrt(stats.variance))],
      ['variance', dynamicReal(stats.variance)],
      ['sum', dynamicReal(stats.sum)],
      ['len', stats.length],
    ]);
  },
});
