import { defineFunction } from '../define';
import { isIpv4Prefix, maskIpv4, parseIpv4 } from './support/ipv4';

export const parseIpv4Mask = defineFunction({
  name: 'parse_ipv4_mask',
  docs: 'parse-ipv4-mask-function',
  params: ['string', 'long'],
  returns: 'long',
  impl: (text: string, prefix: number | bigint) => {
    const ip = parseIpv4(text);
    return ip === null || !isIpv4Prefix(prefix) ? null : maskIpv4(ip.address, Math.min(ip.prefix, prefix));
  },
});
