import { defineFunction } from '../define';
import { wednesdayWeek } from './support/date_parts';

export const weekofyear = defineFunction({
  name: 'weekofyear',
  docs: 'week-of-year-function',
  params: ['datetime'],
  returns: 'int',
  impl: wednesdayWeek,
});
