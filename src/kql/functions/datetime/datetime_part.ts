import { defineFunction } from '../define';
import { DATE_PARTS } from './support/date_parts';
import { bindNamedPart } from './support/named_part';

export const datetimePart = defineFunction({
  name: 'datetime_part',
  aliases: ['datepart'],
  docs: 'datetime-part-function',
  params: ['string', 'datetime'],
  returns: 'int',
  bind: ([part]) => {
    const find = bindNamedPart('datetime_part', part!, DATE_PARTS);
    return (name: string, ticks: bigint) => find(name)?.(ticks) ?? null;
  },
});
