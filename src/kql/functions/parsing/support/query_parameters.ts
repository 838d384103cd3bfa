import type { Bag } from '../../../values/types';

/** `k1=v1&k2=v2` → bag, undecoded; of two equal names the last wins, a name without `=` has the value "". */
export function queryParameters(query: string): Bag {
  const bag: Bag = new Map();
  for (const pair of query.split('&')) {
    if (pair === '') continue;
    const at = pair.indexOf('=');
    if (at < 0) bag.set(pair, '');
    else bag.set(pair.slice(0, at), pair.slice(at + 1));
  }
  return bag;
}
