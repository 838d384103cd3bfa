import { endOf } from './support/calendar';

export const endofday = endOf('day');
