import { defineFunction } from '../define';
import { characterCount, toUnits } from './support/text';

/** A negative start counts from the end; what lies outside the text is cut off. */
export const substring = defineFunction({
  name: 'substring',
  docs: 'substring-function',
  params: ['string', 'long', 'long'],
  optional: 1,
  returns: 'string',
  impl(text: string, start: number | bigint, length?: number | bigint) {
    let from = Number(start);
    if (from < 0) from = Math.max(0, characterCount(text) + from);
    const begin = toUnits(text, from);
    if (length === undefined) return text.slice(begin);
    const count = Number(length);
    if (count <= 0) return '';
    const rest = text.slice(begin);
    return rest.slice(0, toUnits(rest, count));
  },
});
