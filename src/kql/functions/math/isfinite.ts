import { defineFunction } from '../define';

/** Neither NaN nor infinite; false for null. */
export const isFiniteFunction = defineFunction({
  name: 'isfinite',
  docs: 'isfinite-function',
  params: ['real'],
  returns: 'bool',
  nulls: 'handle',
  impl: (value: number | null) => Number.isFinite(value),
});
