import { arraySort } from './support/array_sort';

export const arraySortAsc = arraySort('array_sort_asc', 1);
