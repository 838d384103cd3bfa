import { defineFunction } from '../define';
import { compareIpv6 } from './support/ipv6';

export const ipv6Compare = defineFunction({
  name: 'ipv6_compare',
  docs: 'ipv6-compare-function',
  params: ['string', 'string', 'long'],
  optional: 1,
  returns: 'long',
  impl: (a: string, b: string, prefix: number | bigint = 128) => compareIpv6(a, b, prefix),
});
