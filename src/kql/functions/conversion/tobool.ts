import { defineConversion } from './support/conversion';

export const toBool = defineConversion('tobool', 'bool', ['toboolean']);
