import { defineFunction } from '../define';

export const not = defineFunction({
  name: 'not',
  docs: 'not-function',
  params: ['bool'],
  returns: 'bool',
  impl: (value: boolean) => !value,
});
