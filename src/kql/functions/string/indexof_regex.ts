import { defineFunction } from '../define';
import { regexArgument } from './support/regex';
import { searchWindow } from './support/search_window';
import { toCharacters } from './support/text';

/** As `indexof`, but matches do not overlap and a negative start gives null. */
export const indexOfRegex = defineFunction({
  name: 'indexof_regex',
  docs: 'indexof-regex-function',
  params: ['string', 'string', 'long', 'long', 'long'],
  optional: 3,
  returns: 'long',
  bind([, pattern]) {
    const regex = regexArgument(pattern!);
    return (
      text: string,
      source: string,
      start: number | bigint = 0,
      length: number | bigint = -1,
      nth: number | bigint = 1,
    ) => {
      if (start < 0 || length < -1 || nth < 0) return null;
      if (nth < 1) return -1;
      let from = Number(start);
      for (let n = 1; ; n++) {
        const window = searchWindow(text, from, Number(length));
        if (!window) return -1;
        const matcher = regex(source).matcher(text.slice(0, window.to));
        // find(from) keeps what stands before as context of \b and ^.
        if (!matcher.find(window.from)) return -1;
        if (n >= nth) return toCharacters(text, matcher.start());
        const empty = matcher.end() === matcher.start();
        from = toCharacters(text, matcher.end()) + (empty ? 1 : 0);
      }
    };
  },
});
