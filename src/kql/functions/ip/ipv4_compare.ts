import { defineFunction } from '../define';
import { compareIpv4 } from './support/ipv4';

export const ipv4Compare = defineFunction({
  name: 'ipv4_compare',
  docs: 'ipv4-compare-function',
  params: ['string', 'string', 'long'],
  optional: 1,
  returns: 'long',
  impl: (a: string, b: string, prefix: number | bigint = 32) => compareIpv4(a, b, prefix),
});
