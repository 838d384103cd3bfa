import { defineFunction } from '../define';
import { encodePunycode } from './support/punycode';

/** Encodes, without the prefix xn--. "" where it fails. */
export const punycodeFromString = defineFunction({
  name: 'punycode_from_string',
  docs: 'punycode-from-string-function',
  params: ['string'],
  returns: 'string',
  impl: (text: string) => encodePunycode(text) ?? '',
});
