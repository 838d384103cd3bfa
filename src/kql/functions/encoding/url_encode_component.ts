import { defineFunction } from '../define';
import { encodeUrl } from './support/url_encoding';

/** A space becomes `%20`. */
export const urlEncodeComponent = defineFunction({
  name: 'url_encode_component',
  docs: 'url-encode-component-function',
  params: ['string'],
  returns: 'string',
  impl: (text: string) => encodeUrl(text, '%20'),
});
