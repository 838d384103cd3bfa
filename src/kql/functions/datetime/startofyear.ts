import { startOf } from './support/calendar';

export const startofyear = startOf('year');
