import { min } from './min';
import { conditional } from './support/conditional';

export const minif = conditional(min, { name: 'minif', docs: 'minif-aggregation-function' });
