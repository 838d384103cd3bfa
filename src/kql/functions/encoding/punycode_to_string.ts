import { defineFunction } from '../define';
import { decodePunycode } from './support/punycode';

/** Decodes a text without the prefix xn--. "" where it fails. */
export const punycodeToString = defineFunction({
  name: 'punycode_to_string',
  docs: 'punycode-to-string-function',
  params: ['string'],
  returns: 'string',
  impl: (text: string) => decodePunycode(text) ?? '',
});
