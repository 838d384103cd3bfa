import { defineFunction } from '../define';
import { isLiteralPattern, regexArgument } from './support/regex';

/** An unanchored, case-sensitive search. */
export const matchesRegex = defineFunction({
  name: 'matches regex',
  docs: 'matches-regex-operator',
  params: ['string', 'string'],
  returns: 'bool',
  bind([, pattern]) {
    if (pattern!.constant && isLiteralPattern(pattern!.value as string)) {
      const literal = pattern!.value as string;
      return (text: string) => text.includes(literal);
    }
    const regex = regexArgument(pattern!);
    return (text: string, source: string) => regex(source).test(text);
  },
});
