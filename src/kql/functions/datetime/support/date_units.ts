import {
  TICKS_PER_DAY,
  TICKS_PER_HOUR,
  TICKS_PER_MINUTE,
  TICKS_PER_MS,
  TICKS_PER_SECOND,
} from '../../../values/datetime';

/** A period of `datetime_add` and `datetime_diff`: calendar months, or ticks; nanoseconds are finer than a tick. */
export type DateUnit = { readonly months: number } | { readonly ticks: bigint } | 'nanosecond';

export const DATE_UNITS: ReadonlyMap<string, DateUnit> = new Map<string, DateUnit>([
  ['year', { months: 12 }],
  ['quarter', { months: 3 }],
  ['month', { months: 1 }],
  ['week', { ticks: 7n * TICKS_PER_DAY }],
  ['day', { ticks: TICKS_PER_DAY }],
  ['hour', { ticks: TICKS_PER_HOUR }],
  ['minute', { ticks: TICKS_PER_MINUTE }],
  ['second', { ticks: TICKS_PER_SECOND }],
  ['millisecond', { ticks: TICKS_PER_MS }],
  ['microsecond', { ticks: 10n }],
  ['nanosecond', 'nanosecond'],
]);
