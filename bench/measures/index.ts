import type { Measure } from '../frame/measure';
import { EVALUATE } from './evaluate';

/** All of them, in the order in which they run. */
export const MEASURES: readonly Measure[] = [...EVALUATE];
