import { defineWindow } from './define';
import { shift } from './shift';

export const prev = defineWindow({
  name: 'prev',
  docs: 'prev-function',
  params: ['any', 'long', 'any'],
  optional: 2,
  returns: ([column]) => column!.type,
  bind: (args) => shift(-1, args),
});
