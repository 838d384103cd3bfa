import { defineConversion } from './support/conversion';

export const toReal = defineConversion('toreal', 'real', ['todouble', 'tofloat']);
