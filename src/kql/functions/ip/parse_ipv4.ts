import { defineFunction } from '../define';
import { networkOf, parseIpv4 as parse } from './support/ipv4';

export const parseIpv4 = defineFunction({
  name: 'parse_ipv4',
  docs: 'parse-ipv4-function',
  params: ['string'],
  returns: 'long',
  impl: (text: string) => {
    const ip = parse(text);
    return ip === null ? null : networkOf(ip);
  },
});
