import { defineFunction } from '../define';
import { splitBy } from './support/search';

/**
 * With an index: an array of that part alone, empty where there is none. An empty delimiter splits nothing. A negative index is as none:
 * undocumented, but dozens of published rules take the last part of a path as `split(Image, '\\', -1)[-1]`.
 */
export const split = defineFunction({
  name: 'split',
  docs: 'split-function',
  params: ['string', 'string', 'long'],
  optional: 1,
  returns: 'dynamic',
  impl(text: string, delimiter: string, index?: number | bigint) {
    const parts = delimiter === '' ? [text] : splitBy(text, delimiter);
    if (index === undefined || index < 0) return parts;
    const part = parts[Number(index)];
    return part === undefined ? [] : [part];
  },
});
