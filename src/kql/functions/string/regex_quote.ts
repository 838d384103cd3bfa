import { defineFunction } from '../define';

export const regexQuote = defineFunction({
  name: 'regex_quote',
  docs: 'regex-quote-function',
  params: ['string'],
  returns: 'string',
  impl: (text: string) => text.replace(/[\\.+*?()|[\]{}^$#&~-]/g, '\\$&'),
});
