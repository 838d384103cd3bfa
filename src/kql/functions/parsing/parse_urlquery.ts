import type { Dynamic } from '../../values/types';
import { defineFunction } from '../define';
import { queryParameters } from './support/query_parameters';

export const parseUrlQuery = defineFunction({
  name: 'parse_urlquery',
  aliases: ['parseurlquery'],
  docs: 'parse-urlquery-function',
  params: ['string'],
  returns: 'dynamic',
  impl(text: string) {
    const query = text.startsWith('?') ? text.slice(1) : text;
    return new Map<string, Dynamic>([['Query Parameters', queryParameters(query)]]);
  },
});
