import { defineFunction } from '../define';
import { guidBytes } from './support/bytes';

export const base64EncodeFromGuid = defineFunction({
  name: 'base64_encode_fromguid',
  docs: 'base64-encode-fromguid-function',
  params: ['guid'],
  returns: 'string',
  impl: (guid: string) => guidBytes(guid).toString('base64'),
});
