import { defineFunction } from '../define';

export const base64EncodeToString = defineFunction({
  name: 'base64_encode_tostring',
  aliases: ['base64_encodestring'],
  docs: 'base64-encode-tostring-function',
  params: ['string'],
  returns: 'string',
  impl: (text: string) => Buffer.from(text, 'utf8').toString('base64'),
});
