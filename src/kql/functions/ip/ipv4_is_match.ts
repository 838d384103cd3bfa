import { defineFunction } from '../define';
import { compareIpv4 } from './support/ipv4';

export const ipv4IsMatch = defineFunction({
  name: 'ipv4_is_match',
  docs: 'ipv4-is-match-function',
  params: ['string', 'string', 'long'],
  optional: 1,
  returns: 'bool',
  impl: (a: string, b: string, prefix: number | bigint = 32) => {
    const order = compareIpv4(a, b, prefix);
    return order === null ? null : order === 0;
  },
});
