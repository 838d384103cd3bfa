import { toText } from '../../values/convert';
import type { Value } from '../../values/types';
import { defineFunction } from '../define';
import { MAX_TEXT } from './support/text';

/** Nulls count as "". */
export const strcat = defineFunction({
  name: 'strcat',
  docs: 'strcat-function',
  params: ['any'],
  rest: 'any',
  returns: 'string',
  nulls: 'handle',
  bind(args) {
    const types = args.map((arg) => arg.type);
    return (...values: Value[]) => {
      let result = '';
      for (let i = 0; i < values.length; i++) result += toText(values[i]!, types[i]!);
      return result.length > MAX_TEXT ? '' : result;
    };
  },
});
