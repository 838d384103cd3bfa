import { defineConversion } from './support/conversion';

export const toGuid = defineConversion('toguid', 'guid');
