import { defineFunction } from '../define';
import { characterCount } from './support/text';

/** Unicode characters, not UTF-16 units. */
export const strlen = defineFunction({
  name: 'strlen',
  docs: 'strlen-function',
  params: ['string'],
  returns: 'long',
  impl: characterCount,
});
