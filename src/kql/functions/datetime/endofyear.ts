import { endOf } from './support/calendar';

export const endofyear = endOf('year');
