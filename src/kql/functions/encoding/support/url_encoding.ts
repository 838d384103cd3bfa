import { decodeUtf8 } from './bytes';

/** Percent-encodes all but letters, digits and `- _ . ! * ( )`, with lower-case digits, as .NET's HttpUtility.UrlEncode. */
export function encodeUrl(text: string, space: string): string {
  let result = '';
  for (const byte of Buffer.from(text, 'utf8')) {
    const character = String.fromCharCode(byte);
    if (/[A-Za-z0-9\-_.!*()]/.test(character)) result += character;
    else result += byte === 32 ? space : `%${byte.toString(16).padStart(2, '0')}`;
  }
  return result;
}

/** Undoes it; a `%` without two hexadecimal digits stays, bytes that are not UTF-8 become U+FFFD. */
export function decodeUrl(text: string): string {
  return text.replaceAll('+', ' ').replace(/(?:%[0-9A-Fa-f]{2})+/g, (run) => {
    const bytes = Buffer.from(run.replaceAll('%', ''), 'hex');
    return decodeUtf8(bytes) ?? bytes.toString('utf8');
  });
}
