import { TICKS_PER_DAY, TICKS_PER_SECOND, UNIX_EPOCH_TICKS } from '../../../values/datetime';
import { monthStart, utcDate, weekday } from './calendar';

const DAY_MS = 86_400_000;

export const dayOfYear = (ticks: bigint): number =>
  Number((ticks - monthStart(utcDate(ticks).getUTCFullYear(), 0)) / TICKS_PER_DAY) + 1;

/** ISO 8601: weeks begin on Monday, week 1 holds the year's first Thursday. */
export function isoWeek(ticks: bigint): number {
  const thursday = utcDate(ticks - BigInt((weekday(ticks) + 6) % 7) * TICKS_PER_DAY).getTime() + 3 * DAY_MS;
  const year = new Date(thursday).getUTCFullYear();
  const yearStart = Number((monthStart(year, 0) - UNIX_EPOCH_TICKS) / 10_000n);
  return Math.floor((thursday - yearStart) / (7 * DAY_MS)) + 1;
}

/** The older count: weeks begin on Sunday, week 1 holds the first Wednesday, the last days of a year stay in its last week. */
export function wednesdayWeek(ticks: bigint): number {
  const day = dayOfYear(ticks) - 1;
  const firstWeekday = (((weekday(ticks) - day) % 7) + 7) % 7;
  const offset = firstWeekday <= 3 ? -firstWeekday : 7 - firstWeekday;
  if (day >= offset) return Math.floor((day - offset) / 7) + 1;
  return wednesdayWeek(ticks - BigInt(day + 1) * TICKS_PER_DAY);
}

const fraction = (ticks: bigint): number => Number(ticks % TICKS_PER_SECOND);

/** The parts of `datetime_part`, by lower-case name. */
export const DATE_PARTS: ReadonlyMap<string, (ticks: bigint) => number> = new Map<string, (ticks: bigint) => number>([
  ['year', (t) => utcDate(t).getUTCFullYear()],
  ['quarter', (t) => Math.floor(utcDate(t).getUTCMonth() / 3) + 1],
  ['month', (t) => utcDate(t).getUTCMonth() + 1],
  ['week_of_year', isoWeek],
  ['weekofyear', wednesdayWeek],
  ['day', (t) => utcDate(t).getUTCDate()],
  ['dayofyear', dayOfYear],
  ['hour', (t) => utcDate(t).getUTCHours()],
  ['minute', (t) => utcDate(t).getUTCMinutes()],
  ['second', (t) => utcDate(t).getUTCSeconds()],
  ['millisecond', (t) => Math.floor(fraction(t) / 10_000)],
  ['microsecond', (t) => Math.floor(fraction(t) / 10)],
  ['nanosecond', (t) => fraction(t) * 100],
]);
