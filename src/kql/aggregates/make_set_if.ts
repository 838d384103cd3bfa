import { makeSet } from './make_set';
import { conditional } from './support/conditional';

export const makeSetIf = conditional(makeSet, { name: 'make_set_if', docs: 'make-set-if-aggregation-function' });
