import { convert } from '../../values/convert';
import { defineFunction } from '../define';
import { typeArgument } from '../support/type_argument';
import { regexArgument } from './support/regex';

/** The capture group (0: the match) as the type asked for; null, of string "", where nothing matches or it does not convert. */
export const extract = defineFunction({
  name: 'extract',
  docs: 'extract-function',
  params: ['string', 'long', 'string', 'string'],
  optional: 1,
  returns: (args) => typeArgument(args[3]),
  bind(args) {
    const regex = regexArgument(args[0]!);
    const type = typeArgument(args[3]);
    return (source: string, group: number | bigint, text: string) => {
      const matches = regex(source).matches(text);
      const wanted = Number(group);
      const found = wanted >= 0 && wanted <= matches.groupCount && matches.find() ? matches.group(wanted) : null;
      return found === null ? convert(null, 'string', type) : convert(found, 'string', type);
    };
  },
});
