import { startOf } from './support/calendar';

export const startofmonth = startOf('month');
