import { avg } from './avg';
import { conditional } from './support/conditional';

export const avgif = conditional(avg, { name: 'avgif', docs: 'avgif-aggregation-function' });
