import { conditional } from './support/conditional';
import { variance } from './variance';

export const varianceif = conditional(variance, { name: 'varianceif', docs: 'varianceif-aggregation-function' });
