import { toDynamic } from '../../values/dynamic';
import type { Dynamic, Value } from '../../values/types';
import { defineFunction } from '../define';
import { MAX_ARRAY } from './support/arrays';

/** Null for a negative count; at most 1,048,576 items. */
export const repeat = defineFunction({
  name: 'repeat',
  docs: 'repeat-function',
  params: ['any', 'long'],
  returns: 'dynamic',
  builds: true,
  nulls: 'handle',
  bind: (args) => {
    const type = args[0]!.type;
    return (value: Value, count: number | bigint | null) => {
      if (count === null || count < 0 || count > MAX_ARRAY) return null;
      return new Array<Dynamic>(Number(count)).fill(toDynamic(value, type));
    };
  },
});
