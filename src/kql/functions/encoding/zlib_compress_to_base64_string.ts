import { defineFunction } from '../define';
import { compress } from './support/compression';

export const zlibCompressToBase64String = defineFunction({
  name: 'zlib_compress_to_base64_string',
  docs: 'zlib-base64-compress',
  params: ['string'],
  returns: 'string',
  impl: (text: string) => compress(text, 'zlib'),
});
