import { parseIpv4 } from './ipv4';

/** An IPv6 address (IPv4 as ::ffff:a.b.c.d) as a 128-bit number, not masked, and the prefix length (128 without a suffix). */
export interface Ipv6 {
  readonly address: bigint;
  readonly prefix: number;
}

const MAPPED = 0xffff_0000_0000n;
const MAX_LENGTH = 64;

/**
 * `fe80::1`, `fe80::1/64`, an IPv4 address, or `::10.0.0.1/8`; null for anything else. In dotted notation a prefix up to 32 counts the
 * bits of the IPv4 address. https://learn.microsoft.com/kusto/query/parse-ipv6-function
 */
export function parseIpv6(text: string): Ipv6 | null {
  if (text.length > MAX_LENGTH) return null;
  const slash = text.indexOf('/');
  const host = slash < 0 ? text : text.slice(0, slash);
  const suffix = slash < 0 ? undefined : text.slice(slash + 1);
  if (suffix !== undefined && !/^\d{1,3}$/.test(suffix)) return null;
  if (!host.includes(':')) {
    const ip = parseIpv4(text);
    return ip === null ? null : { address: MAPPED | BigInt(ip.address), prefix: ip.prefix + 96 };
  }
  const dotted = /^(.*:)([^:]*\..*)$/.exec(host);
  const address = dotted ? dottedAddress(dotted[1]!, dotted[2]!) : groupsAddress(host);
  if (address === null) return null;
  let prefix = suffix === undefined ? 128 : Number(suffix);
  if (dotted && suffix !== undefined && prefix <= 32) prefix += 96;
  return prefix > 128 ? null : { address, prefix };
}

function dottedAddress(head: string, tail: string): bigint | null {
  const ip = parseIpv4(tail);
  if (ip === null) return null;
  const high = groupsAddress(`${head}${(ip.address >>> 16).toString(16)}:${(ip.address & 0xffff).toString(16)}`);
  // ::a.b.c.d is read like ::ffff:a.b.c.d.
  return high !== null && high >> 32n === 0n ? MAPPED | high : high;
}

function groupsAddress(host: string): bigint | null {
  const halves = host.split('::');
  if (halves.length > 2) return null;
  const [head, tail] = halves.map((half) => (half === '' ? [] : half.split(':'))) as [string[], string[] | undefined];
  const groups = tail === undefined ? head : [...head, ...filler(8 - head.length - tail.length), ...tail];
  if (groups.length !== 8 || !groups.every((group) => /^[0-9a-f]{1,4}$/i.test(group))) return null;
  if (tail !== undefined && head.length + tail.length > 7) return null;
  return groups.reduce((address, group) => (address << 16n) | BigInt(Number.parseInt(group, 16)), 0n);
}

const filler = (count: number): string[] => new Array<string>(Math.max(0, count)).fill('0');

/** The address with all but its first `prefix` bits cleared. */
export const maskIpv6 = (address: bigint, prefix: number): bigint => {
  const rest = BigInt(128 - prefix);
  return (address >> rest) << rest;
};

/** Eight groups of four lower-case hexadecimal digits. */
export const formatIpv6 = (address: bigint): string => address.toString(16).padStart(32, '0').match(/.{4}/g)!.join(':');

/** -1, 0 or 1 over the first bits that all prefixes leave; null if a text is no address or the prefix is not 0…128. */
export function compareIpv6(a: string, b: string, prefix: number | bigint): number | null {
  const left = parseIpv6(a);
  const right = parseIpv6(b);
  if (left === null || right === null || prefix < 0 || prefix > 128) return null;
  const bits = Math.min(left.prefix, right.prefix, Number(prefix));
  const [x, y] = [maskIpv6(left.address, bits), maskIpv6(right.address, bits)];
  return x < y ? -1 : x > y ? 1 : 0;
}

/** Whether an address lies in a network, given as `fe80::/10` or as one address. */
export const isInIpv6Range = (ip: Ipv6, range: Ipv6): boolean =>
  maskIpv6(maskIpv6(ip.address, ip.prefix), range.prefix) === maskIpv6(range.address, range.prefix);
