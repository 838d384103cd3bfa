import { dynamicReal } from '../../../values/json';
import type { Dynamic } from '../../../values/types';
import { defineFunction, type ScalarFunction } from '../../define';
import { isLong, pointOf } from '../../support/series';

/** An element-wise function of one series; an element that is no number gives null. `whole`: integers stay integers. */
export const seriesUnary = (
  name: string,
  real: (value: number) => number,
  whole?: (value: number | bigint) => Dynamic,
): ScalarFunction =>
  defineFunction({
    name,
    docs: `${name.replaceAll('_', '-')}-function`,
    params: ['dynamic'],
    returns: 'dynamic',
    impl: (series: Dynamic) =>
      Array.isArray(series)
        ? series.map((item) => {
            if (whole && isLong(item)) return whole(item);
            const point = pointOf(item);
            return point === null ? null : dynamicReal(real(point));
          })
        : null,
  });
