import type { Value } from '../../values/types';
import { defineFunction } from '../define';
import { arithmetic } from '../support/arithmetic';
import { orderingOf } from './support/ordering';

/** Whether the value lies in [center - delta, center + delta]. */
export const around = defineFunction({
  name: 'around',
  docs: 'around-function',
  params: ['any', 'any', 'any'],
  returns: 'bool',
  bind([value, center, delta]) {
    const lower = arithmetic('-', center!.type, delta!.type);
    const upper = arithmetic('+', center!.type, delta!.type);
    const fromLower = orderingOf(value!.type, lower.type);
    const fromUpper = orderingOf(value!.type, upper.type);
    return (x: Value, middle: Value, distance: Value) => {
      const low = fromLower(x, lower.apply(middle, distance));
      const high = fromUpper(x, upper.apply(middle, distance));
      return low === null || high === null ? null : low >= 0 && high <= 0;
    };
  },
});
