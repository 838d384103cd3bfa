import { defineFunction } from '../define';
import { decodeBase64, decodeUtf8 } from './support/bytes';

/** "" where the text is not base64, or its bytes are not UTF-8. */
export const base64DecodeToString = defineFunction({
  name: 'base64_decode_tostring',
  aliases: ['base64_decodestring'],
  docs: 'base64-decode-tostring-function',
  params: ['string'],
  returns: 'string',
  impl(text: string) {
    const bytes = decodeBase64(text);
    return (bytes && decodeUtf8(bytes)) ?? '';
  },
});
