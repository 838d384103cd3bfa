import { defineFunction } from '../define';
import { utcDate } from './support/calendar';

export const dayofmonth = defineFunction({
  name: 'dayofmonth',
  docs: 'day-of-month-function',
  params: ['datetime'],
  returns: 'int',
  impl: (ticks: bigint) => utcDate(ticks).getUTCDate(),
});
