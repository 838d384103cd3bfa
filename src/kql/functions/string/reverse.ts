import { defineFunction } from '../define';
import { hasSurrogates } from './support/text';

export const reverse = defineFunction({
  name: 'reverse',
  docs: 'reverse-function',
  params: ['string'],
  returns: 'string',
  impl: (text: string) => (hasSurrogates(text) ? [...text] : text.split('')).reverse().join(''),
});
