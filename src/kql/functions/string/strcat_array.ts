import { toText } from '../../values/convert';
import type { Dynamic } from '../../values/types';
import { defineFunction } from '../define';
import { MAX_TEXT } from './support/text';

/** "" for what is not an array. */
export const strcatArray = defineFunction({
  name: 'strcat_array',
  aliases: ['array_strcat'],
  docs: 'strcat-array-function',
  params: ['dynamic', 'string'],
  returns: 'string',
  impl(array: Dynamic, delimiter: string) {
    if (!Array.isArray(array)) return '';
    if (array.length * delimiter.length > MAX_TEXT) return '';
    const result = array.map((item) => toText(item, 'dynamic')).join(delimiter);
    return result.length > MAX_TEXT ? '' : result;
  },
});
