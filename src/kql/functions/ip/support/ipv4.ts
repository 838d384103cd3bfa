/** An IPv4 address or network: the unsigned 32-bit number, not masked, and the prefix length (32 without a suffix). */
export interface Ipv4 {
  readonly address: number;
  readonly prefix: number;
}

const IPV4 = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})(?:\/(\d{1,2}))?$/;

/** `192.168.1.1` or `192.168.1.1/24`; null for anything else. https://learn.microsoft.com/kusto/query/parse-ipv4-function */
export function parseIpv4(text: string): Ipv4 | null {
  const match = IPV4.exec(text);
  if (!match) return null;
  const [a, b, c, d] = [Number(match[1]), Number(match[2]), Number(match[3]), Number(match[4])];
  const prefix = match[5] === undefined ? 32 : Number(match[5]);
  if (a > 255 || b > 255 || c > 255 || d > 255 || prefix > 32) return null;
  return { address: ((a << 24) | (b << 16) | (c << 8) | d) >>> 0, prefix };
}

/** The address with all but its first `prefix` bits cleared. */
export const maskIpv4 = (address: number, prefix: number): number =>
  prefix === 0 ? 0 : (address & (0xffffffff << (32 - prefix))) >>> 0;

export const networkOf = (ip: Ipv4): number => maskIpv4(ip.address, ip.prefix);

export const formatIpv4 = (address: number): string =>
  `${address >>> 24}.${(address >>> 16) & 255}.${(address >>> 8) & 255}.${address & 255}`;

/** Whether a prefix argument is 0…32. */
export const isIpv4Prefix = (prefix: number | bigint): prefix is number => prefix >= 0 && prefix <= 32;

/** -1, 0 or 1 over the first bits that all prefixes leave; null if a text is no address or the prefix is none. */
export function compareIpv4(a: string, b: string, prefix: number | bigint): number | null {
  const left = parseIpv4(a);
  const right = parseIpv4(b);
  if (left === null || right === null || !isIpv4Prefix(prefix)) return null;
  const bits = Math.min(left.prefix, right.prefix, prefix);
  return Math.sign(maskIpv4(left.address, bits) - maskIpv4(right.address, bits));
}

/** Whether an address lies in a network, given as `10.0.0.0/8` or as one address. */
export const isInIpv4Range = (ip: Ipv4, range: Ipv4): boolean =>
  maskIpv4(networkOf(ip), range.prefix) === networkOf(range);
