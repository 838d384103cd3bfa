import { defineFunction } from '../define';
import { simpleCase } from './support/simple_case';

/** As .NET's ToUpperInvariant: letter by letter, so that a text keeps its length. */
export const toUpper = defineFunction({
  name: 'toupper',
  docs: 'toupper-function',
  params: ['string'],
  returns: 'string',
  impl: (text: string) => simpleCase(text, (part) => part.toUpperCase()),
});
