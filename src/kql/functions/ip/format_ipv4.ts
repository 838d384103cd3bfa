import type { Value } from '../../values/types';
import { defineFunction } from '../define';
import { bindFormatIpv4 } from './support/format_ipv4';
import { formatIpv4 as format } from './support/ipv4';

export const formatIpv4 = defineFunction({
  name: 'format_ipv4',
  docs: 'format-ipv4-function',
  params: ['any', 'long'],
  optional: 1,
  returns: 'string',
  bind: (args) => {
    const read = bindFormatIpv4(args);
    return (ip: Value, prefix?: number | bigint) => {
      const network = read(ip, prefix);
      return network === null ? '' : format(network.address);
    };
  },
});
