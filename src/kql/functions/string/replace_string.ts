import { defineFunction } from '../define';
import { splitBy } from './support/search';
import { MAX_TEXT } from './support/text';

/** All matches, from left to right. */
export const replaceString = defineFunction({
  name: 'replace_string',
  docs: 'replace-string-function',
  params: ['string', 'string', 'string'],
  returns: 'string',
  impl(text: string, lookup: string, rewrite: string) {
    if (lookup === '') return text;
    const parts = splitBy(text, lookup);
    return text.length + (parts.length - 1) * rewrite.length > MAX_TEXT ? '' : parts.join(rewrite);
  },
});
