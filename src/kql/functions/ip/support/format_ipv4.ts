import { convert } from '../../../values/convert';
import type { Value } from '../../../values/types';
import type { ArgInfo } from '../../define';
import { type Ipv4, isIpv4Prefix, maskIpv4, parseIpv4 } from './ipv4';

/**
 * (address as text or number[, prefix = 32]) → the masked address and the shorter of the prefixes, null for what is none.
 */
export function bindFormatIpv4(args: readonly ArgInfo[]): (ip: Value, prefix?: number | bigint) => Ipv4 | null {
  const type = args[0]!.type;
  const read = (ip: Value): Ipv4 | null => {
    if (type === 'string' || typeof ip === 'string') return parseIpv4(ip as string);
    const number = convert(ip, type, 'long') as number | bigint | null;
    return number === null || number < 0 || number > 0xffffffff ? null : { address: Number(number), prefix: 32 };
  };
  return (ip, prefix = 32) => {
    const parsed = read(ip);
    if (parsed === null || !isIpv4Prefix(prefix)) return null;
    const bits = Math.min(parsed.prefix, prefix);
    return { address: maskIpv4(parsed.address, bits), prefix: bits };
  };
}
