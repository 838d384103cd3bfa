import { defineConversion } from './support/conversion';

export const toTimespan = defineConversion('totimespan', 'timespan', ['totime']);
