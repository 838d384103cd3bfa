import { toDynamic } from '../../values/dynamic';
import type { Value } from '../../values/types';
import { defineFunction } from '../define';

export const packArray = defineFunction({
  name: 'pack_array',
  docs: 'pack-array-function',
  params: [],
  rest: 'any',
  returns: 'dynamic',
  builds: true,
  nulls: 'handle',
  bind: (args) => {
    const types = args.map(({ type }) => type);
    return (...values: Value[]) => values.map((value, i) => toDynamic(value, types[i]!));
  },
});
