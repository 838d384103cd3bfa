import type { Dynamic } from '../../../values/types';
import { defineFunction, type ScalarFunction } from '../../define';
import { numbersOf } from '../../support/series';

/** A series as one real; null where an element is no number or there is none. */
export const seriesTotal = (name: string, total: (numbers: readonly number[]) => number): ScalarFunction =>
  defineFunction({
    name,
    docs: `${name.replaceAll('_', '-')}-function`,
    params: ['dynamic'],
    returns: 'real',
    impl: (series: Dynamic) => {
      const numbers = numbersOf(series);
      return numbers === null ? null : total(numbers);
    },
  });
