import { toText } from '../../values/convert';
import type { Value } from '../../values/types';
import { defineFunction } from '../define';
import { MAX_TEXT } from './support/text';

/** Nulls count as "". */
export const strcatDelim = defineFunction({
  name: 'strcat_delim',
  docs: 'strcat-delim-function',
  params: ['string', 'any'],
  rest: 'any',
  returns: 'string',
  nulls: 'handle',
  bind(args) {
    const types = args.slice(1).map((arg) => arg.type);
    return (delimiter: string, ...values: Value[]) => {
      const result = values.map((value, i) => toText(value, types[i]!)).join(delimiter);
      return result.length > MAX_TEXT ? '' : result;
    };
  },
});
