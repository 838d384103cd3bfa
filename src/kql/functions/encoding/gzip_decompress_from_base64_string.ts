import { defineFunction } from '../define';
import { decompress } from './support/compression';

export const gzipDecompressFromBase64String = defineFunction({
  name: 'gzip_decompress_from_base64_string',
  docs: 'gzip-base64-decompress',
  params: ['string'],
  returns: 'string',
  impl: (text: string) => decompress(text, 'gzip'),
});
