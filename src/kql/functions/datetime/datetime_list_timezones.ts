import { defineFunction } from '../define';

export const datetimeListTimezones = defineFunction({
  name: 'datetime_list_timezones',
  docs: 'datetime-list-timezones',
  params: [],
  returns: 'dynamic',
  impl: () => [...new Set([...Intl.supportedValuesOf('timeZone'), 'UTC'])].sort(),
});
