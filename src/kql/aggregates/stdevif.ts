import { stdev } from './stdev';
import { conditional } from './support/conditional';

export const stdevif = conditional(stdev, { name: 'stdevif', docs: 'stdevif-aggregation-function' });
