import type { Value } from '../../../values/types';
import { defineFunction, type ScalarFunction } from '../../define';
import { commonType, toCommon } from './common_type';
import { orderingOf } from './ordering';

/** `max_of`, `min_of`: the greatest or least of the values that are not null. */
export const defineExtreme = (name: string, docs: string, sign: 1 | -1): ScalarFunction =>
  defineFunction({
    name,
    docs,
    params: ['any'],
    rest: 'any',
    returns: commonType,
    nulls: 'handle',
    bind(args) {
      const type = commonType(args);
      const order = orderingOf(type, type);
      return (...values: Value[]) => {
        let best: Value = null;
        values.forEach((value, i) => {
          const candidate = toCommon(value, args[i]!.type, type);
          if (candidate === null) return;
          if (best === null || (order(candidate, best) ?? 0) * sign > 0) best = candidate;
        });
        return best;
      };
    },
  });
