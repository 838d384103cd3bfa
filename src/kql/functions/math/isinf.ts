import { defineFunction } from '../define';

/** False for null. */
export const isInf = defineFunction({
  name: 'isinf',
  docs: 'isinf-function',
  params: ['real'],
  returns: 'bool',
  nulls: 'handle',
  impl: (value: number | null) => value === Number.POSITIVE_INFINITY || value === Number.NEGATIVE_INFINITY,
});
