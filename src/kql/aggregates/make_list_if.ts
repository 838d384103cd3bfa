import { makeList } from './make_list';
import { conditional } from './support/conditional';

export const makeListIf = conditional(makeList, { name: 'make_list_if', docs: 'make-list-if-aggregation-function' });
