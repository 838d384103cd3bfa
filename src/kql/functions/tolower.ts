import { defineFunction } from './define';

export const toLower = defineFunction({
  name: 'tolower',
  docs: 'tolower-function',
  params: ['string'],
  returns: 'string',
  impl: (text: string) => text.toLowerCase(),
});
