import { defineFunction } from '../define';

export const unicodeCodepointsFromString = defineFunction({
  name: 'unicode_codepoints_from_string',
  aliases: ['to_utf8'],
  docs: 'unicode-codepoints-from-string-function',
  params: ['string'],
  returns: 'dynamic',
  impl: (text: string) => Array.from(text, (character) => character.codePointAt(0)!),
});
