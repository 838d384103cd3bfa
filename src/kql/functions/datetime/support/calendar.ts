import { checkedDatetime, floorDiv, msFromTicks, TICKS_PER_DAY, ticksFromMs } from '../../../values/datetime';
import { defineFunction, type ScalarFunction } from '../../define';

export type Period = 'day' | 'week' | 'month' | 'year';

/** The UTC calendar of a datetime in ticks, to the millisecond. */
export const utcDate = (ticks: bigint): Date => new Date(msFromTicks(ticks));

/** Ticks of the first moment of a month; `month` (0-based) may lie outside 0…11, the result outside 0001…9999. */
export function monthStart(year: number, month: number): bigint {
  const date = new Date(0);
  date.setUTCFullYear(year, month, 1);
  return ticksFromMs(date.getTime());
}

/** Days from 0001-01-01, which was a Monday. */
const dayNumber = (ticks: bigint): bigint => floorDiv(ticks, TICKS_PER_DAY);

/** Days since Sunday, 0…6. */
export const weekday = (ticks: bigint): number => Number((dayNumber(ticks) + 1n) % 7n);

/** Number of the week that begins on Sunday, counted from the first. */
export const weekNumber = (ticks: bigint): bigint => floorDiv(dayNumber(ticks) + 1n, 7n);

/** Farther than this no period of 0001…9999 lies from another. */
const MAX_OFFSET = 4_000_000;

function start(period: Period, ticks: bigint, offset: number): bigint {
  switch (period) {
    case 'day':
      return (dayNumber(ticks) + BigInt(offset)) * TICKS_PER_DAY;
    case 'week':
      return ((weekNumber(ticks) + BigInt(offset)) * 7n - 1n) * TICKS_PER_DAY;
    case 'month': {
      const date = utcDate(ticks);
      return monthStart(date.getUTCFullYear(), date.getUTCMonth() + offset);
    }
    case 'year':
      return monthStart(utcDate(ticks).getUTCFullYear() + offset, 0);
  }
}

const tooFar = (offset: number | bigint): boolean => offset > MAX_OFFSET || offset < -MAX_OFFSET;

/** A `startof…` function: (datetime, offset in periods = 0); null where the result leaves 0001…9999. Weeks begin on Sunday. */
export const startOf = (period: Period): ScalarFunction =>
  defineFunction({
    name: `startof${period}`,
    docs: `startof${period}-function`,
    params: ['datetime', 'long'],
    optional: 1,
    returns: 'datetime',
    impl: (ticks: bigint, offset: number | bigint = 0) =>
      tooFar(offset) ? null : checkedDatetime(start(period, ticks, Number(offset))),
  });

/** An `endof…` function: the last tick of the period. */
export const endOf = (period: Period): ScalarFunction =>
  defineFunction({
    name: `endof${period}`,
    docs: `endof${period}-function`,
    params: ['datetime', 'long'],
    optional: 1,
    returns: 'datetime',
    impl: (ticks: bigint, offset: number | bigint = 0) =>
      tooFar(offset) ? null : checkedDatetime(start(period, ticks, Number(offset) + 1) - 1n),
  });
