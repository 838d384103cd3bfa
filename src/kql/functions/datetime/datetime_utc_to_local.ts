import { checkedDatetime } from '../../values/datetime';
import { defineFunction } from '../define';
import { bindTimeZone } from './support/time_zone';

export const datetimeUtcToLocal = defineFunction({
  name: 'datetime_utc_to_local',
  docs: 'datetime-utc-to-local-function',
  params: ['datetime', 'string'],
  returns: 'datetime',
  bind: ([, name]) => {
    const find = bindTimeZone('datetime_utc_to_local', name!);
    return (utc: bigint, zoneName: string) => {
      const zone = find(zoneName);
      return zone === null ? null : checkedDatetime(utc + zone.offsetAt(utc));
    };
  },
});
