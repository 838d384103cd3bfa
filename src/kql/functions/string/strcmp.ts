import { defineFunction } from '../define';

/** 0, 1 or -1, by the ordinal order of the characters. */
export const strcmp = defineFunction({
  name: 'strcmp',
  docs: 'strcmp-function',
  params: ['string', 'string'],
  returns: 'long',
  impl: (a: string, b: string) => (a === b ? 0 : a > b ? 1 : -1),
});
