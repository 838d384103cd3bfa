import { defineFunction } from '../define';
import { decodeUrl } from './support/url_encoding';

export const urlDecode = defineFunction({
  name: 'url_decode',
  docs: 'url-decode-function',
  params: ['string'],
  returns: 'string',
  impl: decodeUrl,
});
