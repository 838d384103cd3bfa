import { digestFromDynamic } from '../../aggregates/support/tdigest';
import { convert } from '../../values/convert';
import { toDynamic } from '../../values/dynamic';
import type { Dynamic, Value } from '../../values/types';
import { defineFunction } from '../define';
import { spreadItems } from '../support/items';

/** (digest, percentile…), where the percentiles may be one dynamic array. */
export const percentilesArrayTdigest = defineFunction({
  name: 'percentiles_array_tdigest',
  docs: 'percentiles-array-tdigest-function',
  params: ['dynamic', 'any'],
  rest: 'any',
  returns: 'dynamic',
  bind: (args) => {
    const types = args.slice(1).map(({ type }) => type);
    return (value: Dynamic, ...asked: Value[]) => {
      const digest = digestFromDynamic(value);
      const percents = spreadItems(asked, types).map((item) => convert(item.value, item.type, 'real') as number | null);
      if (digest === null || !percents.every((p) => p !== null && p >= 0 && p <= 100)) return null;
      return digest.quantiles.percentiles(percents as number[]).map((found) => toDynamic(found, digest.type));
    };
  },
});
