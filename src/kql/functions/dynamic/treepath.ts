import { type Dynamic, isBag } from '../../values/types';
import { defineFunction } from '../define';
import { MAX_ARRAY } from './support/arrays';

const quoted = (key: string): string => `['${key.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}']`;

function collect(value: Dynamic, path: string, into: Set<string>): void {
  if (into.size >= MAX_ARRAY) return;
  if (path !== '') into.add(path);
  if (isBag(value)) for (const [key, item] of value) collect(item, path + quoted(key), into);
  // All elements of an array share the path of the first.
  else if (Array.isArray(value)) for (const item of value) collect(item, `${path}[0]`, into);
}

/** The path of every property, at every depth; elements of arrays as `[0]`. Null for what is no bag or array. */
export const treepath = defineFunction({
  name: 'treepath',
  docs: 'treepath-function',
  params: ['dynamic'],
  returns: 'dynamic',
  impl: (value: Dynamic) => {
    if (!isBag(value) && !Array.isArray(value)) return null;
    const paths = new Set<string>();
    collect(value, '', paths);
    return [...paths];
  },
});
