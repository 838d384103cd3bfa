import { defineFunction } from '../define';
import { regexArgument } from './support/regex';
import { parseRewrite, replaceMatches } from './support/rewrite';

/** The older form of `replace_regex`: replace(regex, rewrite, text). */
export const replace = defineFunction({
  name: 'replace',
  docs: 'replace-regex-function',
  params: ['string', 'string', 'string'],
  returns: 'string',
  bind([pattern, rewrite]) {
    const regex = regexArgument(pattern!);
    const fixed = rewrite!.constant ? parseRewrite(rewrite!.value as string) : undefined;
    return (source: string, given: string, text: string) =>
      replaceMatches(text, regex(source), fixed ?? parseRewrite(given));
  },
});
