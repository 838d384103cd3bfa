import { defineFunction } from '../define';
import { MAX_TEXT } from './support/text';

/** Kusto repeats at most 1024 times. */
const MOST = 1024;

export const strrep = defineFunction({
  name: 'strrep',
  docs: 'strrep-function',
  params: ['string', 'long', 'string'],
  optional: 1,
  returns: 'string',
  impl(text: string, times: number | bigint, delimiter = '') {
    const count = Math.min(MOST, Number(times));
    if (count <= 0 || (text.length + delimiter.length) * count > MAX_TEXT) return '';
    return (text + delimiter).repeat(count - 1) + text;
  },
});
