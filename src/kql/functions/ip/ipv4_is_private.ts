import { defineFunction } from '../define';
import { isInIpv4Range, parseIpv4 } from './support/ipv4';

const PRIVATE = ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16'].map((range) => parseIpv4(range)!);

/** RFC 1918 networks. */
export const ipv4IsPrivate = defineFunction({
  name: 'ipv4_is_private',
  docs: 'ipv4-is-private-function',
  params: ['string'],
  returns: 'bool',
  impl: (text: string) => {
    const ip = parseIpv4(text);
    return ip === null ? null : PRIVATE.some((range) => isInIpv4Range(ip, range));
  },
});
