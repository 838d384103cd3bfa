import { startOf } from './support/calendar';

export const startofweek = startOf('week');
