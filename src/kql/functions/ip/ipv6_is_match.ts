import { defineFunction } from '../define';
import { compareIpv6 } from './support/ipv6';

export const ipv6IsMatch = defineFunction({
  name: 'ipv6_is_match',
  docs: 'ipv6-is-match-function',
  params: ['string', 'string', 'long'],
  optional: 1,
  returns: 'bool',
  impl: (a: string, b: string, prefix: number | bigint = 128) => {
    const order = compareIpv6(a, b, prefix);
    return order === null ? null : order === 0;
  },
});
