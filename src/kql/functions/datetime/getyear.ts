import { defineFunction } from '../define';
import { utcDate } from './support/calendar';

export const getyear = defineFunction({
  name: 'getyear',
  docs: 'getyear-function',
  params: ['datetime'],
  returns: 'int',
  impl: (ticks: bigint) => utcDate(ticks).getUTCFullYear(),
});
