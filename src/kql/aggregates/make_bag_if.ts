import { makeBag } from './make_bag';
import { conditional } from './support/conditional';

export const makeBagIf = conditional(makeBag, { name: 'make_bag_if', docs: 'make-bag-if-aggregation-function' });
