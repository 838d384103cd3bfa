import Decimal from 'decimal.js';
import { defineFunction } from '../define';

const VERSION = /^\d{1,8}(?:\.\d{1,8}){0,3}$/;

/** One to four parts of at most eight digits, as one number that compares as the version does; else null. */
export const parseVersion = defineFunction({
  name: 'parse_version',
  docs: 'parse-version-function',
  params: ['string'],
  returns: 'decimal',
  impl(text: string) {
    const version = text.trim();
    if (!VERSION.test(version)) return null;
    const parts = version.split('.');
    while (parts.length < 4) parts.push('0');
    return new Decimal(parts.map((part) => part.padStart(8, '0')).join(''));
  },
});
