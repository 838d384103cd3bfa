import { hll } from './hll';
import { conditional } from './support/conditional';

export const hllIf = conditional(hll, { name: 'hll_if', docs: 'hll-if-aggregation-function' });
