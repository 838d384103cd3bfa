import { defineFunction } from '../define';
import { formatIpv6, maskIpv6, parseIpv6 as parse } from './support/ipv6';

export const parseIpv6 = defineFunction({
  name: 'parse_ipv6',
  docs: 'parse-ipv6-function',
  params: ['string'],
  returns: 'string',
  impl: (text: string) => {
    const ip = parse(text);
    return ip === null ? '' : formatIpv6(maskIpv6(ip.address, ip.prefix));
  },
});
