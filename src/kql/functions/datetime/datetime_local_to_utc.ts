import { checkedDatetime, TICKS_PER_DAY } from '../../values/datetime';
import { defineFunction } from '../define';
import { bindTimeZone, type TimeZone } from './support/time_zone';

/**
 * A local time that a clock change skips or repeats is read with the greater of the two offsets, that of summer: the published
 * example does so for a skipped one.
 */
function toUtc(local: bigint, zone: TimeZone): bigint | null {
  const before = zone.offsetAt(local - TICKS_PER_DAY);
  const after = zone.offsetAt(local + TICKS_PER_DAY);
  const [lesser, greater] = before < after ? [before, after] : [after, before];
  if (greater === lesser) return checkedDatetime(local - greater);
  const early = local - greater;
  if (zone.offsetAt(early) === greater) return checkedDatetime(early);
  const late = local - lesser;
  return checkedDatetime(zone.offsetAt(late) === lesser ? late : early);
}

export const datetimeLocalToUtc = defineFunction({
  name: 'datetime_local_to_utc',
  docs: 'datetime-local-to-utc-function',
  params: ['datetime', 'string'],
  returns: 'datetime',
  bind: ([, name]) => {
    const find = bindTimeZone('datetime_local_to_utc', name!);
    return (local: bigint, zoneName: string) => {
      const zone = find(zoneName);
      return zone === null ? null : toUtc(local, zone);
    };
  },
});
