import { deflateSync, gunzipSync, gzipSync, inflateSync } from 'node:zlib';
import { MAX_TEXT } from '../../string/support/text';
import { decodeBase64, decodeUtf8 } from './bytes';

export type Format = 'zlib' | 'gzip';

/** Texts this short are stored uncompressed, as Kusto does. */
const STORED_BELOW = 64;

/** UTF-8 bytes of the text, compressed, as base64. */
export function compress(text: string, format: Format): string {
  const bytes = Buffer.from(text, 'utf8');
  const options = { level: bytes.length < STORED_BELOW ? 0 : 1 };
  if (format === 'zlib') return deflateSync(bytes, options).toString('base64');
  const packed = gzipSync(bytes, options);
  // Kusto's header names neither a compression speed nor an operating system, whatever the machine.
  packed[8] = 0;
  packed[9] = 255;
  return packed.toString('base64');
}

/** The text again; "" where it is not base64, not compressed so, not UTF-8, or too long. */
export function decompress(text: string, format: Format): string {
  const bytes = decodeBase64(text);
  if (bytes === null) return '';
  const options = { maxOutputLength: MAX_TEXT };
  try {
    return decodeUtf8(format === 'zlib' ? inflateSync(bytes, options) : gunzipSync(bytes, options)) ?? '';
  } catch (error) {
    if (typeof (error as NodeJS.ErrnoException).code === 'string') return '';
    throw error;
  }
}
