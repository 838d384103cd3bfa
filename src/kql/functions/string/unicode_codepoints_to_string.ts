import type { Dynamic, Value } from '../../values/types';
import { defineFunction } from '../define';
import { MAX_TEXT } from './support/text';

const isCodepoint = (value: unknown): value is number =>
  typeof value === 'number' &&
  Number.isInteger(value) &&
  value >= 0 &&
  value <= 0x10ffff &&
  (value < 0xd800 || value > 0xdfff);

/** Integers and arrays of integers; "" where any is no Unicode codepoint. */
export const unicodeCodepointsToString = defineFunction({
  name: 'unicode_codepoints_to_string',
  aliases: ['make_string'],
  docs: 'unicode-codepoints-to-string-function',
  params: ['any'],
  rest: 'any',
  returns: 'string',
  nulls: 'handle',
  impl(...values: Value[]) {
    const codepoints = (values as Dynamic[]).flat();
    if (codepoints.length > MAX_TEXT / 2 || !codepoints.every(isCodepoint)) return '';
    let result = '';
    for (const codepoint of codepoints) result += String.fromCodePoint(codepoint);
    return result;
  },
});
