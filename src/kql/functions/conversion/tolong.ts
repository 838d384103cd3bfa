import { defineConversion } from './support/conversion';

export const toLong = defineConversion('tolong', 'long');
