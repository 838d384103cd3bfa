import { defineFunction } from '../define';
import { decodeBase64 } from './support/bytes';

/** The bytes as numbers; null where the text is not base64. */
export const base64DecodeToArray = defineFunction({
  name: 'base64_decode_toarray',
  docs: 'base64-decode-toarray-function',
  params: ['string'],
  returns: 'dynamic',
  impl(text: string) {
    const bytes = decodeBase64(text);
    return bytes === null ? null : [...bytes];
  },
});
