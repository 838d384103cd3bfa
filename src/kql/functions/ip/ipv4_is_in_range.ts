import { defineFunction } from '../define';
import { isInIpv4Range, parseIpv4 } from './support/ipv4';

export const ipv4IsInRange = defineFunction({
  name: 'ipv4_is_in_range',
  docs: 'ipv4-is-in-range-function',
  params: ['string', 'string'],
  returns: 'bool',
  bind: ([, rangeArg]) => {
    const fixed = rangeArg!.constant ? parseIpv4(rangeArg!.value as string) : undefined;
    return (text: string, rangeText: string) => {
      const range = fixed === undefined ? parseIpv4(rangeText) : fixed;
      const ip = range === null ? null : parseIpv4(text);
      return ip === null ? null : isInIpv4Range(ip, range!);
    };
  },
});
