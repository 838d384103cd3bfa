import type { Dynamic } from '../../values/types';
import { defineFunction } from '../define';

/** "" for what is not an array of bytes. */
export const base64EncodeFromArray = defineFunction({
  name: 'base64_encode_fromarray',
  docs: 'base64-encode-fromarray-function',
  params: ['dynamic'],
  returns: 'string',
  impl(array: Dynamic) {
    if (!Array.isArray(array)) return '';
    const bytes = array.every((item) => typeof item === 'number' && Number.isInteger(item) && item >= 0 && item < 256);
    return bytes ? Buffer.from(array as number[]).toString('base64') : '';
  },
});
