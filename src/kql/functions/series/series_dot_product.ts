import type { Value } from '../../values/types';
import { defineFunction } from '../define';
import { pointOf, zipOperands } from '../support/series';

/**
 * The longer series is cut to the length of the shorter one, elements that are no numbers are passed over; a number goes with every
 * element. Null for an empty series.
 */
export const seriesDotProduct = defineFunction({
  name: 'series_dot_product',
  docs: 'series-dot-product-function',
  params: ['any', 'any'],
  returns: 'real',
  bind: (args) => {
    const [leftType, rightType] = [args[0]!.type, args[1]!.type];
    return (left: Value, right: Value) => {
      const pairs = zipOperands(left, leftType, right, rightType);
      if (pairs === null || isEmptyArray(left) || isEmptyArray(right)) return null;
      let sum = 0;
      for (const [a, b] of pairs) {
        const x = pointOf(a);
        const y = pointOf(b);
        if (x !== null && y !== null) sum += x * y;
      }
      return sum;
    };
  },
});

const isEmptyArray = (value: Value): boolean => Array.isArray(value) && value.length === 0;
