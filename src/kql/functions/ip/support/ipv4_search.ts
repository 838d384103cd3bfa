import { isTermUnit } from '../../string/support/terms';
import { parseIpv4 } from './ipv4';

/** Whether any address in a text passes. An address counts only between characters that are not alphanumeric. */
export type Ipv4Test = (source: string) => boolean;

const never: Ipv4Test = () => false;
const ADDRESS = /(\d{1,3}\.){3}\d{1,3}/y;

function edges(source: string, start: number, end: number): boolean {
  return (
    (start === 0 || !isTermUnit(source.charCodeAt(start - 1))) &&
    (end === source.length || !isTermUnit(source.charCodeAt(end)))
  );
}

/** Finds one address. A text that is no address is found nowhere. */
export function addressSearch(ip: string): Ipv4Test {
  if (ip.includes('/') || parseIpv4(ip) === null) return never;
  return (source) => {
    for (let at = source.indexOf(ip); at >= 0; at = source.indexOf(ip, at + 1)) {
      if (edges(source, at, at + ip.length)) return true;
    }
    return false;
  };
}

/** Finds an address that begins with a prefix: whole octets, each with its dot (`10.1.`), or a whole address. */
export function prefixSearch(prefix: string): Ipv4Test {
  if (!/^(\d{1,3}\.){1,3}$/.test(prefix)) return addressSearch(prefix);
  return (source) => {
    for (let at = source.indexOf(prefix); at >= 0; at = source.indexOf(prefix, at + 1)) {
      ADDRESS.lastIndex = at;
      const match = ADDRESS.exec(source);
      if (match && parseIpv4(match[0]) !== null && edges(source, at, at + match[0].length)) return true;
    }
    return false;
  };
}
