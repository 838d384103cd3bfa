import { defineFunction } from '../define';
import { decompress } from './support/compression';

export const zlibDecompressFromBase64String = defineFunction({
  name: 'zlib_decompress_from_base64_string',
  docs: 'zlib-base64-decompress',
  params: ['string'],
  returns: 'string',
  impl: (text: string) => decompress(text, 'zlib'),
});
