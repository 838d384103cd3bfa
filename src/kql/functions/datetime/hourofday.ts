import { defineFunction } from '../define';
import { utcDate } from './support/calendar';

export const hourofday = defineFunction({
  name: 'hourofday',
  docs: 'hourofday-function',
  params: ['datetime'],
  returns: 'int',
  impl: (ticks: bigint) => utcDate(ticks).getUTCHours(),
});
