import { defineFunction } from '../define';

/** False for null. */
export const isNan = defineFunction({
  name: 'isnan',
  docs: 'isnan-function',
  params: ['real'],
  returns: 'bool',
  nulls: 'handle',
  impl: (value: number | null) => Number.isNaN(value),
});
