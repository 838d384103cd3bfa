import { floorDiv, TICKS_PER_DAY } from '../../values/datetime';
import { normLong } from '../../values/long';
import { defineFunction } from '../define';
import { utcDate, weekNumber } from './support/calendar';
import { DATE_UNITS, type DateUnit } from './support/date_units';
import { bindNamedPart } from './support/named_part';

/** Counts the period boundaries between the two, not the time: 23:59 and 00:01 are a day apart. */
function diff(unit: DateUnit, a: bigint, b: bigint): bigint {
  if (unit === 'nanosecond') return (a - b) * 100n;
  if ('months' in unit) return BigInt(monthCount(a, unit.months) - monthCount(b, unit.months));
  if (unit.ticks === 7n * TICKS_PER_DAY) return weekNumber(a) - weekNumber(b);
  return floorDiv(a, unit.ticks) - floorDiv(b, unit.ticks);
}

function monthCount(ticks: bigint, months: number): number {
  const date = utcDate(ticks);
  return Math.floor((date.getUTCFullYear() * 12 + date.getUTCMonth()) / months);
}

export const datetimeDiff = defineFunction({
  name: 'datetime_diff',
  aliases: ['datediff'],
  docs: 'datetime-diff-function',
  params: ['string', 'datetime', 'datetime'],
  returns: 'long',
  bind: ([period]) => {
    const find = bindNamedPart('datetime_diff', period!, DATE_UNITS);
    return (name: string, a: bigint, b: bigint) => {
      const unit = find(name);
      return unit === undefined ? null : normLong(diff(unit, a, b));
    };
  },
});
