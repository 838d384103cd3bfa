import { count } from './count';
import { conditional } from './support/conditional';

export const countif = conditional(count, { name: 'countif', docs: 'countif-aggregation-function', at: 0 });
