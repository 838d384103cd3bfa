import { defineFunction } from '../define';
import { isoWeek } from './support/date_parts';

export const weekOfYear = defineFunction({
  name: 'week_of_year',
  docs: 'week-of-year-function',
  params: ['datetime'],
  returns: 'int',
  impl: isoWeek,
});
