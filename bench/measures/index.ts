import type { Measure } from '../frame/measure';
import { COLD_START } from './cold-start';
import { COMPILE } from './compile';
import { EVALUATE } from './evaluate';
import { RUN } from './run';
import { SLOW_FLUSH } from './slow-flush';
import { SLOW_STORE } from './slow-store';
import { WHOLE_CHAIN } from './whole-chain';

/** All of them, in the order in which they run. */
export const MEASURES: readonly Measure[] = [
  ...EVALUATE,
  SLOW_STORE,
  SLOW_FLUSH,
  ...COMPILE,
  RUN,
  COLD_START,
  WHOLE_CHAIN,
];
