import { defineConversion } from './support/conversion';

export const toInt = defineConversion('toint', 'int');
