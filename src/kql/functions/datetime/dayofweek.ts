import { TICKS_PER_DAY } from '../../values/datetime';
import { defineFunction } from '../define';
import { weekday } from './support/calendar';

export const dayofweek = defineFunction({
  name: 'dayofweek',
  docs: 'day-of-week-function',
  params: ['datetime'],
  returns: 'timespan',
  impl: (ticks: bigint) => BigInt(weekday(ticks)) * TICKS_PER_DAY,
});
