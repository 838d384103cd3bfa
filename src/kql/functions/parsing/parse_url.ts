import type { Dynamic } from '../../values/types';
import { defineFunction } from '../define';
import { queryParameters } from './support/query_parameters';

/** Cuts `text` at the first or last `mark`; what follows it is undefined where there is none. */
function cut(text: string, mark: string, last = false): [string, string | undefined] {
  const at = last ? text.lastIndexOf(mark) : text.indexOf(mark);
  return at < 0 ? [text, undefined] : [text.slice(0, at), text.slice(at + mark.length)];
}

function parse(url: string): Map<string, Dynamic> {
  const [beforeFragment, fragment = ''] = cut(url, '#');
  const [address, query = ''] = cut(beforeFragment, '?');
  const scheme = /^([A-Za-z][A-Za-z0-9+.-]*):\/\//.exec(address);
  const rest = scheme ? address.slice(scheme[0].length) : address;
  const slash = rest.indexOf('/');
  // Without a scheme all of it is the path.
  const authority = scheme ? (slash < 0 ? rest : rest.slice(0, slash)) : '';
  const path = scheme ? (slash < 0 ? '' : rest.slice(slash)) : rest;
  const [first, second] = cut(authority, '@', true);
  const [username, password = ''] = second === undefined ? ['', ''] : cut(first, ':');
  const hostAndPort = second ?? first;
  const port = /:(\d*)$/.exec(hostAndPort);
  return new Map<string, Dynamic>([
    ['Scheme', scheme?.[1] ?? ''],
    ['Host', port ? hostAndPort.slice(0, port.index) : hostAndPort],
    ['Port', port?.[1] ?? ''],
    ['Path', path],
    ['Username', username],
    ['Password', password],
    ['Query Parameters', queryParameters(query)],
    ['Fragment', fragment],
  ]);
}

/** The parts of an absolute URL, undecoded; what is absent is "". */
export const parseUrl = defineFunction({
  name: 'parse_url',
  aliases: ['parseurl'],
  docs: 'parse-url-function',
  params: ['string'],
  returns: 'dynamic',
  impl: parse,
});
