import { dcount } from './dcount';
import { conditional } from './support/conditional';

export const dcountif = conditional(dcount, { name: 'dcountif', docs: 'dcountif-aggregation-function' });
