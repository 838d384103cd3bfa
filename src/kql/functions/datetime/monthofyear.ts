import { defineFunction } from '../define';
import { utcDate } from './support/calendar';

export const monthofyear = defineFunction({
  name: 'monthofyear',
  aliases: ['getmonth'],
  docs: 'monthofyear-function',
  params: ['datetime'],
  returns: 'int',
  impl: (ticks: bigint) => utcDate(ticks).getUTCMonth() + 1,
});
