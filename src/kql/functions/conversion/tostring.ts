import { defineConversion } from './support/conversion';

export const toStringFunction = defineConversion('tostring', 'string');
