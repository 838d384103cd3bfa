import { defineFunction } from '../define';
import { regexArgument } from './support/regex';
import { parseRewrite, replaceMatches } from './support/rewrite';

/** `\1` in the rewrite stands for the first capture group, `\0` for the match. */
export const replaceRegex = defineFunction({
  name: 'replace_regex',
  docs: 'replace-regex-function',
  params: ['string', 'string', 'string'],
  returns: 'string',
  bind([, pattern, rewrite]) {
    const regex = regexArgument(pattern!);
    const fixed = rewrite!.constant ? parseRewrite(rewrite!.value as string) : undefined;
    return (text: string, source: string, given: string) =>
      replaceMatches(text, regex(source), fixed ?? parseRewrite(given));
  },
});
