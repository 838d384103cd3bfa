import { defineWindow } from './define';
import { shift } from './shift';

export const next = defineWindow({
  name: 'next',
  docs: 'next-function',
  params: ['any', 'long', 'any'],
  optional: 2,
  returns: ([column]) => column!.type,
  bind: (args) => shift(1, args),
});
