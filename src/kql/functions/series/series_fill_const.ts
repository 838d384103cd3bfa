import { toDynamic } from '../../values/dynamic';
import type { Dynamic, Value } from '../../values/types';
import { defineFunction } from '../define';
import { missingTest } from './support/series_fill';

export const seriesFillConst = defineFunction({
  name: 'series_fill_const',
  docs: 'series-fill-const-function',
  params: ['dynamic', 'any', 'any'],
  optional: 2,
  returns: 'dynamic',
  nulls: 'handle',
  bind: (args) => {
    const test = missingTest(args[2]);
    const type = args[1]?.type ?? 'long';
    return (series: Dynamic, constant: Value = 0, placeholder?: Value) => {
      if (!Array.isArray(series)) return null;
      const isMissing = test(placeholder);
      const filling = toDynamic(constant, type);
      return series.map((item) => (isMissing(item) ? filling : item));
    };
  },
});
