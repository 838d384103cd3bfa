import { subLong } from '../../values/long';
import { defineFunction } from '../define';

export const binaryNot = defineFunction({
  name: 'binary_not',
  docs: 'binary-not-function',
  params: ['long'],
  returns: 'long',
  impl: (value: number | bigint) => subLong(-1, value),
});
