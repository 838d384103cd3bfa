import { defineFunction } from '../define';
import { compress } from './support/compression';

export const gzipCompressToBase64String = defineFunction({
  name: 'gzip_compress_to_base64_string',
  docs: 'gzip-base64-compress',
  params: ['string'],
  returns: 'string',
  impl: (text: string) => compress(text, 'gzip'),
});
