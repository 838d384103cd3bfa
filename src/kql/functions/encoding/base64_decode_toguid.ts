import { defineFunction } from '../define';
import { decodeBase64, guidFromBytes } from './support/bytes';

/** Null where the text is not the base64 of 16 bytes. */
export const base64DecodeToGuid = defineFunction({
  name: 'base64_decode_toguid',
  docs: 'base64-decode-toguid-function',
  params: ['string'],
  returns: 'guid',
  impl(text: string) {
    const bytes = decodeBase64(text);
    return bytes?.length === 16 ? guidFromBytes(bytes) : null;
  },
});
