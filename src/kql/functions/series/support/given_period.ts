import type { Value } from '../../../values/types';

/** Why a function that finds the period of a series by itself is approximate. */
export const PERIOD_DETECTED = "the period that it detects may differ from Kusto's: to be exact, give the period";

/** Whether an argument says the period, or that there is none, instead of having it detected. */
export const isGivenPeriod = (period: Value | undefined): boolean =>
  (typeof period === 'number' || typeof period === 'bigint') && period >= 0;
