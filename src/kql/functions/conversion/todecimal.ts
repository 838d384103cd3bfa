import { defineConversion } from './support/conversion';

export const toDecimalFunction = defineConversion('todecimal', 'decimal');
