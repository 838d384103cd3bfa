import { invalid } from '../../errors';
import { defineFunction } from '../define';
import { regexArgument } from './support/regex';
import { finderOf } from './support/search';

function countPlain(text: string, search: string): number {
  if (search === '') return 0;
  let count = 0;
  const find = finderOf(search);
  for (let at = find(text, 0); at >= 0; at = find(text, at + 1)) count++;
  return count;
}

/** Plain matches may overlap, those of a regular expression do not. */
export const countOf = defineFunction({
  name: 'countof',
  docs: 'countof-function',
  params: ['string', 'string', 'string'],
  optional: 1,
  returns: 'long',
  bind([, search, kind]) {
    const name = kind === undefined ? 'normal' : kind.value;
    if (name === 'normal') return countPlain;
    if (name !== 'regex') throw invalid("countof() takes the kind 'normal' or 'regex'");
    const regex = regexArgument(search!);
    return (text: string, source: string) => {
      const matches = regex(source).matches(text);
      let count = 0;
      while (matches.find()) count++;
      return count;
    };
  },
});
