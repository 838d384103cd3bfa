import { defineFunction } from '../define';
import { searchWindow } from './support/search_window';
import { toCharacters } from './support/text';

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
    let from = Number(start);
    for (let n = 1; ; n++) {
      const window = searchWindow(text, from, Number(length));
      const at = window ? text.indexOf(wanted, window.from) : -1;
      if (!window || at < 0 || at + wanted.length > window.to) return -1;
      const found = toCharacters(text, at);
      if (n >= nth) return found;
      from = found + 1;
    }
  },
});
