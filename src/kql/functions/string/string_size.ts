import { defineFunction } from '../define';

/** Bytes of the text in UTF-8. */
export const stringSize = defineFunction({
  name: 'string_size',
  docs: 'string-size-function',
  params: ['string'],
  returns: 'long',
  impl: (text: string) => Buffer.byteLength(text, 'utf8'),
});
