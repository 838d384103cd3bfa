import { defineFunction } from '../define';

export const isAscii = defineFunction({
  name: 'isascii',
  docs: 'isascii-function',
  params: ['string'],
  returns: 'bool',
  impl: (text: string) => !/[^\x00-\x7f]/.test(text),
});
