import type { Value } from '../../values/types';
import { defineFunction } from '../define';
import { commonType, toCommon } from './support/common_type';

/** A null predicate takes the else branch. */
export const iff = defineFunction({
  name: 'iff',
  aliases: ['iif'],
  docs: 'iff-function',
  params: ['bool', 'any', 'any'],
  returns: (args) => commonType(args.slice(1)),
  nulls: 'handle',
  bind(args) {
    const [, then, otherwise] = args;
    const type = commonType(args.slice(1));
    return (condition: boolean | null, a: Value, b: Value) =>
      condition === true ? toCommon(a, then!.type, type) : toCommon(b, otherwise!.type, type);
  },
});
