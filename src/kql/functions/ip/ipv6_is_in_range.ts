import { defineFunction } from '../define';
import { isInIpv6Range, parseIpv6 } from './support/ipv6';

export const ipv6IsInRange = defineFunction({
  name: 'ipv6_is_in_range',
  docs: 'ipv6-is-in-range-function',
  params: ['string', 'string'],
  returns: 'bool',
  impl: (text: string, rangeText: string) => {
    const ip = parseIpv6(text);
    const range = parseIpv6(rangeText);
    return ip === null || range === null ? null : isInIpv6Range(ip, range);
  },
});
