import { max } from './max';
import { conditional } from './support/conditional';

export const maxif = conditional(max, { name: 'maxif', docs: 'maxif-aggregation-function' });
