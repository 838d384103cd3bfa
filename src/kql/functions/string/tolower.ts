import { defineFunction } from '../define';
import { simpleCase } from './support/simple_case';

/** As .NET's ToLowerInvariant: letter by letter, so that a text keeps its length. */
export const toLower = defineFunction({
  name: 'tolower',
  docs: 'tolower-function',
  params: ['string'],
  returns: 'string',
  impl: (text: string) => simpleCase(text, (part) => part.toLowerCase()),
});
