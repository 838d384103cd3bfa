import { digestFromDynamic } from '../../aggregates/support/tdigest';
import { convert } from '../../values/convert';
import { toDynamic } from '../../values/dynamic';
import { type Dynamic, SCALAR_TYPES, type ScalarType } from '../../values/types';
import { type ArgInfo, defineFunction } from '../define';

/** The type that the third argument, `typeof(…)`, names; dynamic without it. */
const typeOf = (args: readonly ArgInfo[]): ScalarType =>
  SCALAR_TYPES.find((type) => type === args[2]?.value) ?? 'dynamic';

export const percentileTdigest = defineFunction({
  name: 'percentile_tdigest',
  docs: 'percentile-tdigest-function',
  params: ['dynamic', 'real', 'string'],
  optional: 1,
  returns: typeOf,
  bind: (args) => {
    const type = typeOf(args);
    return (value: Dynamic, percent: number) => {
      const digest = digestFromDynamic(value);
      if (digest === null || !(percent >= 0 && percent <= 100)) return null;
      const [found] = digest.quantiles.percentiles([percent]);
      return type === 'dynamic' ? toDynamic(found!, digest.type) : convert(found!, digest.type, type);
    };
  },
});
