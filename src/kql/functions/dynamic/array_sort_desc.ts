import { arraySort } from './support/array_sort';

export const arraySortDesc = arraySort('array_sort_desc', -1);
