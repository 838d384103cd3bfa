import { defineFunction } from '../define';
import { encodeUrl } from './support/url_encoding';

/** A space becomes `+`. */
export const urlEncode = defineFunction({
  name: 'url_encode',
  docs: 'url-encode-function',
  params: ['string'],
  returns: 'string',
  impl: (text: string) => encodeUrl(text, '+'),
});
