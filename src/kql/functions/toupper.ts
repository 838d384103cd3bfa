import { defineFunction } from './define';

export const toUpper = defineFunction({
  name: 'toupper',
  docs: 'toupper-function',
  params: ['string'],
  returns: 'string',
  impl: (text: string) => text.toUpperCase(),
});
