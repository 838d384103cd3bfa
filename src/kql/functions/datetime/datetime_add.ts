import { checkedDatetime } from '../../values/datetime';
import { defineFunction } from '../define';
import { monthStart, utcDate } from './support/calendar';
import { DATE_UNITS, type DateUnit } from './support/date_units';
import { bindNamedPart } from './support/named_part';

const MAX_MONTHS = 120_000;

/** Adding months keeps the day, or takes the month's last (31 January + 1 month = 28 February). */
function addMonths(ticks: bigint, months: number): bigint | null {
  if (Math.abs(months) > MAX_MONTHS) return null;
  const date = utcDate(ticks);
  const year = date.getUTCFullYear();
  const month = date.getUTCMonth();
  const target = monthStart(year, month + months);
  const length = monthStart(year, month + months + 1) - target;
  const day = 864_000_000_000n;
  const into = ticks - monthStart(year, month);
  return checkedDatetime(target + (into < length ? into : length - day + (into % day)));
}

function add(unit: DateUnit, amount: number | bigint, ticks: bigint): bigint | null {
  if (unit === 'nanosecond') return checkedDatetime(ticks + BigInt(amount) / 100n);
  if ('months' in unit) return addMonths(ticks, Number(amount) * unit.months);
  return checkedDatetime(ticks + BigInt(amount) * unit.ticks);
}

export const datetimeAdd = defineFunction({
  name: 'datetime_add',
  aliases: ['dateadd'],
  docs: 'datetime-add-function',
  params: ['string', 'long', 'datetime'],
  returns: 'datetime',
  bind: ([period]) => {
    const find = bindNamedPart('datetime_add', period!, DATE_UNITS);
    return (name: string, amount: number | bigint, ticks: bigint) => {
      const unit = find(name);
      return unit === undefined ? null : add(unit, amount, ticks);
    };
  },
});
