import { defineFunction } from '../define';

/** Whether the text can be written as UTF-8: no half of a surrogate pair stands alone. */
export const isUtf8 = defineFunction({
  name: 'isutf8',
  docs: 'isutf8-function',
  params: ['string'],
  returns: 'bool',
  impl: (text: string) => !LONE_SURROGATE.test(text),
});

const LONE_SURROGATE = /\p{Surrogate}/u;
