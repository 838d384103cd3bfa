import { defineFunction } from '../define';
import { parseIpv4 } from './support/ipv4';

export const ipv4NetmaskSuffix = defineFunction({
  name: 'ipv4_netmask_suffix',
  docs: 'ipv4-netmask-suffix-function',
  params: ['string'],
  returns: 'long',
  impl: (text: string) => parseIpv4(text)?.prefix ?? null,
});
