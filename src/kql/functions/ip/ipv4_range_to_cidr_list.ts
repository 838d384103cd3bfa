import { defineFunction } from '../define';
import { formatIpv4, parseIpv4 } from './support/ipv4';

/** The fewest networks that make up first…last, both included: at most 62. */
function networks(first: number, last: number): string[] {
  const list: string[] = [];
  for (let at = first; at <= last; ) {
    // The lowest bit that is set is the largest size that may begin here.
    let size = at === 0 ? 2 ** 32 : (at & -at) >>> 0;
    while (at + size - 1 > last) size /= 2;
    list.push(`${formatIpv4(at)}/${32 - Math.log2(size)}`);
    at += size;
  }
  return list;
}

export const ipv4RangeToCidrList = defineFunction({
  name: 'ipv4_range_to_cidr_list',
  docs: 'ipv4-range-to-cidr-list-function',
  params: ['string', 'string'],
  returns: 'dynamic',
  impl: (start: string, end: string) => {
    const first = parseIpv4(start);
    const last = parseIpv4(end);
    return first === null || last === null || first.address > last.address
      ? null
      : networks(first.address, last.address);
  },
});
