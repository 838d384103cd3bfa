import type { Value } from '../../values/types';
import { defineFunction } from '../define';
import { bindFormatIpv4 } from './support/format_ipv4';
import { formatIpv4 } from './support/ipv4';

export const formatIpv4Mask = defineFunction({
  name: 'format_ipv4_mask',
  docs: 'format-ipv4-mask-function',
  params: ['any', 'long'],
  optional: 1,
  returns: 'string',
  bind: (args) => {
    const read = bindFormatIpv4(args);
    return (ip: Value, prefix?: number | bigint) => {
      const network = read(ip, prefix);
      return network === null ? '' : `${formatIpv4(network.address)}/${network.prefix}`;
    };
  },
});
