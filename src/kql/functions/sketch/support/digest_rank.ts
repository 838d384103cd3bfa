import { digestFromDynamic } from '../../../aggregates/support/tdigest';
import { convert } from '../../../values/convert';
import type { Dynamic, Value } from '../../../values/types';
import { defineFunction, type ScalarFunction } from '../../define';

/** (digest, value) → real, from how many of the digest's values are at most `value`; null for a value of another kind. */
export const digestRank = (name: string, answer: (rank: number, total: number) => number): ScalarFunction =>
  defineFunction({
    name,
    docs: `${name.replaceAll('_', '-')}-function`,
    params: ['dynamic', 'any'],
    returns: 'real',
    bind: (args) => {
      const type = args[1]!.type;
      return (value: Dynamic, limit: Value) => {
        const digest = digestFromDynamic(value);
        if (digest === null) return null;
        const isNumeric = digest.type === 'long' || digest.type === 'real';
        const converted = convert(limit, type, isNumeric ? 'real' : digest.type);
        if (converted === null) return null;
        const { rank, total } = digest.quantiles.rank(converted);
        return answer(rank, total);
      };
    },
  });
