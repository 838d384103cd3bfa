import { startOf } from './support/calendar';

export const startofday = startOf('day');
