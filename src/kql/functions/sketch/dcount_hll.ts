import { hllFromDynamic } from '../../aggregates/support/hll';
import type { Dynamic } from '../../values/types';
import { defineFunction } from '../define';

export const dcountHll = defineFunction({
  name: 'dcount_hll',
  docs: 'dcount-hll-function',
  params: ['dynamic'],
  returns: 'long',
  impl: (sketch: Dynamic) => hllFromDynamic(sketch)?.count() ?? null,
});
