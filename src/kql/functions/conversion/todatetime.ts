import { defineConversion } from './support/conversion';

export const toDatetime = defineConversion('todatetime', 'datetime');
