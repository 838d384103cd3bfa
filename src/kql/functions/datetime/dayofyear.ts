import { defineFunction } from '../define';
import { dayOfYear } from './support/date_parts';

export const dayofyear = defineFunction({
  name: 'dayofyear',
  docs: 'day-of-year-function',
  params: ['datetime'],
  returns: 'int',
  impl: dayOfYear,
});
