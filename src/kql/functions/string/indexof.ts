import { defineFunction } from '../define';
import { finderOf } from './support/search';
import { searchWindow } from './support/search_window';
import { characterCount, toCharacters } from './support/text';

/**
 * A match must lie within `length` characters from `start` (from the end where negative); the next occurrence is searched from the
 * character after a match, within `length` again, as the published examples show.
 */
export const indexOf = defineFunction({
  name: 'indexof',
  docs: 'indexof-function',
  params: ['string', 'string', 'long', 'long', 'long'],
  optional: 3,
  returns: 'long',
  impl(
    text: string,
    wanted: string,
    start: number | bigint = 0,
    length: number | bigint = -1,
    nth: number | bigint = 1,
  ) {
    if (length < -1 || nth < 0) return null;
    if (nth < 1) return -1;
    const first = searchWindow(text, Number(start), -1);
    if (!first) return -1;
    const find = finderOf(wanted);
    let from = first.from;
    for (let n = 1; ; n++) {
      const at = find(text, from);
      if (at < 0 || (length >= 0 && characterCount(text.slice(from, at + wanted.length)) > length)) return -1;
      if (n >= nth) return toCharacters(text, at);
      // After the last character an empty text is found no more.
      if (at >= text.length) return -1;
      from = at + (text.codePointAt(at)! > 0xffff ? 2 : 1);
    }
  },
});
