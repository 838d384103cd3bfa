import { meter } from '../../meter';
import { defineFunction } from '../define';
import { regexArgument } from './support/regex';
import { searchWindow } from './support/search_window';
import { toCharacters, toUnits } from './support/text';

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
      const first = searchWindow(text, Number(start), -1);
      if (!first) return -1;
      const whole = length < 0 ? regex(source).matches(text) : undefined;
      let { from } = first;
      for (let n = 1; ; n++) {
        // A match must end within the window: what stands behind it is not there for $ and for greedy patterns.
        const matches = whole ?? regex(source).matches(text.slice(0, unitsAfter(text, from, Number(length))));
        // find(from) keeps what stands before as context of \b and ^.
        if (!matches.find(from)) return -1;
        if (n >= nth) return toCharacters(text, matches.start);
        const { start: at, end } = matches;
        if (at === end && end >= text.length) return -1;
        from = at < end ? end : end + (text.codePointAt(end)! > 0xffff ? 2 : 1);
        // A window of its own for each match, each as long as the text, would be quadratic.
        if (!whole) meter.spendSteps(from);
      }
    };
  },
});

/** Where so many characters after a position end. */
const unitsAfter = (text: string, from: number, characters: number): number =>
  from + toUnits(text.slice(from), characters);
