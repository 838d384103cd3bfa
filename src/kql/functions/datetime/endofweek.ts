import { endOf } from './support/calendar';

export const endofweek = endOf('week');
