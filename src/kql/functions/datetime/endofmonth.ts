import { endOf } from './support/calendar';

export const endofmonth = endOf('month');
