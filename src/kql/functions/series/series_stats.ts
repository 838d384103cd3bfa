import { dynamicReal } from '../../values/json';
import type { Dynamic } from '../../values/types';
import { defineFunction } from '../define';
import { seriesStatistics } from './support/statistics';

/** [min, min_idx, max, max_idx, avg, stdev, variance], the columns of the result. */
export const seriesStats = defineFunction({
  name: 'series_stats',
  docs: 'series-stats-function',
  params: ['dynamic', 'bool'],
  optional: 1,
  returns: 'dynamic',
  impl: (series: Dynamic, ignoreNonfinite = false) => {
    const stats = seriesStatistics(series, ignoreNonfinite);
    if (stats === null) return null;
    return [
      dynamicReal(stats.min),
      stats.minIndex,
      dynamicReal(stats.max),
      stats.maxIndex,
      dynamicReal(stats.average),
      dynamicReal(Math.sqrt(stats.variance)),
      dynamicReal(stats.variance),
    ];
  },
});
