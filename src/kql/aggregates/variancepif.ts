import { conditional } from './support/conditional';
import { variancep } from './variancep';

export const variancepif = conditional(variancep, { name: 'variancepif', docs: 'variancepif-aggregation-function' });
