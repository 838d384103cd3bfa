import { sum } from './sum';
import { conditional } from './support/conditional';

export const sumif = conditional(sum, { name: 'sumif', docs: 'sumif-aggregation-function' });
