import { defineFunction } from '../define';
import { formatIpv6, maskIpv6, parseIpv6 } from './support/ipv6';

export const parseIpv6Mask = defineFunction({
  name: 'parse_ipv6_mask',
  docs: 'parse-ipv6-mask-function',
  params: ['string', 'long'],
  returns: 'string',
  impl: (text: string, prefix: number | bigint) => {
    const ip = parseIpv6(text);
    if (ip === null || prefix < 0 || prefix > 128) return '';
    return formatIpv6(maskIpv6(ip.address, Math.min(ip.prefix, Number(prefix))));
  },
});
